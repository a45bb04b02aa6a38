//! Files of counts.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use serde_json::json;

use super::{Run, rights::path, takes_counts};
use crate::{
    app::with_app,
    http_client::{Reply, Server},
    webinars::register,
};

/// The file of a form, in a language.
async fn file(run: &Run<'_>, server: &Server, form: &str, language: &str) -> Reply {
    let fields = format!("file(format: {form}, language: \"{language}\") {{ url name }}");
    let file = run.counts(&run.organiser, &fields).await["file"].clone();
    let reply = server.gets(&path(&file["url"], &run.organiser.app.config.public_url), &[]).await;
    assert_eq!(reply.status, 200, "{form} {language}");
    let name = format!("counts-{}-{language}.{}", run.series, form.to_lowercase());
    assert_eq!(file["name"], name);
    assert_eq!(reply.header("content-disposition"), Some(&*format!("attachment; filename=\"{name}\"")));
    reply
}

#[tokio::test]
async fn files_hold_the_counts_and_no_formula_in_every_language() {
    with_app(async |app| {
        let mut run = Run::of(app, 8).await;
        for person in run.people[..3].iter().chain(&run.people[8..11]) {
            register(person, &run.webinars[1]).await;
        }
        run.ends().await;
        takes_counts(app).await;
        let server = Server::start(app).await;

        let csv = file(&run, &server, "CSV", "en").await;
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let csv = String::from_utf8(csv.body).expect("UTF-8");
        let lines: Vec<_> = csv.strip_prefix('\u{feff}').expect("a mark").lines().collect();
        assert!(lines[0].starts_with("Counted,By,Code,Category,Invited,Nominated,Registered,Attended,"), "{csv}");
        assert!(lines.contains(&"Joining treaties,,,Everybody,0,0,16,0,0,0,0,0,"), "{csv}");
        assert!(lines.contains(&"Joining treaties,Gender,FEMALE,Female,0,0,8,0,0,0,0,0,"), "{csv}");
        assert!(lines.iter().any(|line| line.starts_with("'=2+5 objections (")), "{csv}");
        assert!(lines.iter().all(|line| !line.starts_with('=')), "{csv}");
        assert!(!csv.contains(",3,"), "three of each are not told: {csv}");

        for (language, sheets) in [("en", ["Notes", "Everybody", "Gender"]), ("ar", ["ملاحظات", "الجميع", "الجنس"])]
        {
            let body = file(&run, &server, "XLSX", language).await.body;
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(body.clone())).expect("a workbook");
            assert_eq!(book.sheet_names()[..3], sheets.map(str::to_owned));
            for name in book.sheet_names() {
                assert!(book.worksheet_formula(&name).expect("a sheet").is_empty(), "{name}");
            }
            let all = book.worksheet_range(sheets[1]).expect("a sheet");
            let titles: Vec<_> = all.rows().map(|row| row[0].to_string()).collect();
            assert!(titles.iter().any(|title| title.starts_with("=2+5 objections (")), "as it is, for it is a text: {titles:?}");
            assert_eq!(all.get_value((1, 5)), Some(&Data::Float(16.0)), "a number is a number");
            let mut archive = zip::ZipArchive::new(Cursor::new(body)).expect("a zip");
            let mut sheet = String::new();
            archive.by_name("xl/worksheets/sheet2.xml").expect("a sheet").read_to_string(&mut sheet).expect("text");
            assert_eq!(sheet.contains("rightToLeft=\"1\""), language == "ar");
        }
        for (language, heading) in
            [("ar", "الأعداد"), ("zh", "统计"), ("en", "Counts"), ("fr", "Chiffres"), ("ru", "Показатели"), ("es", "Cifras")]
        {
            let picture = file(&run, &server, "SVG", language).await;
            assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
            assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));
            let picture = String::from_utf8(picture.body).expect("UTF-8");
            let page = roxmltree::Document::parse(&picture).expect("XML");
            let title = page.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")));
            assert!(title.and_then(|title| title.text()).is_some_and(|title| title.contains(heading)), "{language}");
            assert!(page.descendants().any(|node| node.text() == Some("16")));
        }
        assert_eq!(run.counts(&run.organiser, "total { registered }").await, json!({ "total": { "registered": 16 } }));
    })
    .await;
}
