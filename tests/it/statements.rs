//! What pages cost the database: a number of statements that was designed, whatever their length.

use serde_json::json;

use crate::{
    app::with_app,
    forum::{POST_CREATE, Place, id, post_input, topic},
    teaching::{ENROL, Taught},
};

#[tokio::test]
async fn the_page_of_a_course_takes_one_statement_for_the_course_and_one_for_progress() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "Course", "MEMBERS").await;
        for n in 0..10 {
            let module = course.with_module(&format!("Module {n}")).await;
            for m in 0..4 {
                course.with_lesson(&module, &format!("Lesson {n}.{m}"), "ARTICLE", &json!(null)).await;
            }
        }
        course.publishes().await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let slug = learner.runs("query($id: ID!) { course(id: $id) { slug } }", &json!({ "id": course.id })).await;
        let page = include_str!("../../benches/course-page.graphql");
        let variables = json!({ "slug": slug["course"]["slug"] });
        let seen = learner.runs(page, &variables).await["course"].clone();
        assert_eq!(seen["viewerEnrolment"]["state"], "ACTIVE");
        let modules = seen["publishedVersion"]["modules"].as_array().cloned().unwrap_or_default();
        assert_eq!((modules.len(), modules[9]["lessons"].as_array().map(Vec::len)), (10, Some(4)));
        assert_eq!(modules[9]["lessons"][3]["viewerProgress"]["state"], "NOT_STARTED");
        assert_eq!(learner.costs(page, &variables).await, 2);
        assert_eq!(app.visitor().costs("{ site { name } }", &json!({})).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_posts_takes_as_many_statements_as_two_posts_do() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let page = "query($id: ID!) { topic(id: $id) { title viewerCanPost viewerReadNumber viewerUnreadCount
            posts(first: 25) { nodes { number bodyHtml state author { fullName } inReplyTo { number author { fullName } }
                viewerHasFlagged viewerCanEdit viewerCanDelete revisions { body } } } } }";
        let its = json!({ "id": place.topic });
        let answers = async |count: usize| {
            let people = [&owner, &reader, &app.practitioner().await];
            for n in 0..count {
                let author = people[n % people.len()];
                let first = author.runs("query($id: ID!) { topic(id: $id) { posts { nodes { id } } } }", &its).await;
                let mut input = post_input(&place.topic, "An answer");
                input["input"]["inReplyToId"] = json!(id(&first["topic"]["posts"]["nodes"][n % 2]));
                author.runs(POST_CREATE, &input).await;
            }
        };
        reader.runs(POST_CREATE, &post_input(&place.topic, "The second")).await;
        answers(2).await;
        let (few, by_moderator) = (reader.costs(page, &its).await, owner.costs(page, &its).await);
        answers(21).await;
        // The topic with its author, what the reader may do there, how far they have read it, and the posts with their authors.
        let page_of_topic = include_str!("../../benches/topic-page.graphql");
        assert_eq!(app.practitioner().await.costs(page_of_topic, &its).await, 4);
        assert_eq!(reader.costs(page_of_topic, &its).await, 5, "of whom everything is seen comes alone");
        let seen = reader.runs(page, &its).await["topic"]["posts"]["nodes"].clone();
        assert_eq!(seen.as_array().map(Vec::len), Some(25));
        assert_eq!((reader.costs(page, &its).await, owner.costs(page, &its).await), (few, by_moderator));
        assert!(few <= 12, "{few}");
    })
    .await;
}

#[tokio::test]
async fn a_list_of_topics_takes_as_many_statements_as_two_topics_do() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let page = "query($id: ID!) { community(id: $id) { title viewerCanPost topics(first: 25) { nodes { title postCount
            author { fullName } category { title viewerCanPost } viewerUnreadCount viewerReadNumber viewerCanPost
            viewerCanRename viewerCanModerate posts(last: 1) { nodes { number } } } } } }";
        let page_without_posts = page.replace("posts(last: 1) { nodes { number } }", "");
        let its = json!({ "id": place.community });
        topic(&reader, &place.category, "Another").await;
        let few = reader.costs(&page_without_posts, &its).await;
        let few_with_posts = reader.costs(page, &its).await;
        for n in 0..23 {
            let author = if n % 2 == 0 { &owner } else { &reader };
            topic(author, &place.category, &format!("Topic {n}")).await;
        }
        let slug = reader.runs("query($id: ID!) { community(id: $id) { slug } }", &its).await["community"]["slug"].clone();
        // The community with what the reader may do there, the topics with their authors, and how far each was read.
        let (page_of_topics, its_slug) = (include_str!("../../benches/topics-page.graphql"), json!({ "slug": slug }));
        assert_eq!(app.practitioner().await.costs(page_of_topics, &its_slug).await, 3);
        let seen = reader.runs(page, &its).await["community"]["topics"]["nodes"].clone();
        assert_eq!(seen.as_array().map(Vec::len), Some(25));
        assert_eq!(reader.costs(&page_without_posts, &its).await, few);
        assert!(few <= 10, "{few}");
        // A page of posts within each topic is a statement for each topic, and no more.
        assert_eq!(reader.costs(page, &its).await - few, 25 * (few_with_posts - few) / 2);
    })
    .await;
}
