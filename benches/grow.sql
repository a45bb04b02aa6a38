-- Makes :times as many rows of what grows on a site, by copying those that were made through the API.
-- The ids of copies follow from the copied ones, so that what refers to them needs no look.
SET session_replication_role = replica; -- no foreign key is checked: each refers to what is there, or is copied too
CREATE FUNCTION pg_temp.copy(id uuid, nth integer) RETURNS uuid LANGUAGE sql IMMUTABLE
  AS $$ SELECT CAST(md5(CAST(id AS text) || nth) AS uuid) $$;
CREATE TEMPORARY TABLE copy AS SELECT generate_series(1, :times - 1) AS nth;
CREATE TEMPORARY TABLE published AS SELECT published_version_id AS id FROM course WHERE published_version_id IS NOT NULL;

-- People, who learn and read as those copied do.
INSERT INTO "user" SELECT made.* FROM "user" AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'id', pg_temp.copy(old.id, nth), 'email', nth || old.email, 'email_key', nth || old.email_key)) AS made;
INSERT INTO enrolment SELECT made.* FROM enrolment AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'id', pg_temp.copy(old.id, nth), 'user_id', pg_temp.copy(old.user_id, nth))) AS made;
INSERT INTO lesson_progress SELECT made.* FROM lesson_progress AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'enrolment_id', pg_temp.copy(old.enrolment_id, nth))) AS made;
INSERT INTO read_position SELECT made.* FROM read_position AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'user_id', pg_temp.copy(old.user_id, nth))) AS made;

-- Posts of the longest topic; then topics, older than those that are there, with their posts.
CREATE TEMPORARY TABLE long AS SELECT id AS topic_id, post_count FROM topic ORDER BY post_count DESC LIMIT 1;
INSERT INTO post SELECT made.* FROM long JOIN post AS old USING (topic_id), copy, jsonb_populate_record(
  old, jsonb_build_object('id', pg_temp.copy(old.id, -nth), 'number', old.number + nth * post_count)) AS made;
INSERT INTO post SELECT made.* FROM post AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'id', pg_temp.copy(old.id, nth), 'topic_id', pg_temp.copy(old.topic_id, nth))) AS made
WHERE old.topic_id <> (SELECT topic_id FROM long);
INSERT INTO topic SELECT made.* FROM topic AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'id', pg_temp.copy(old.id, nth), 'author_id', pg_temp.copy(old.author_id, nth),
  'is_pinned', false, 'last_post_at', old.last_post_at - nth * interval '1 day')) AS made;
UPDATE topic SET post_count = :times * post_count WHERE id = (SELECT topic_id FROM long);

-- Courses, as they were published.
INSERT INTO course SELECT made.* FROM course AS old, copy, jsonb_populate_record(old, jsonb_build_object(
  'id', pg_temp.copy(old.id, nth), 'slug', old.slug || '-copy-' || nth,
  'published_version_id', pg_temp.copy(old.published_version_id, nth))) AS made;
INSERT INTO course_version SELECT made.* FROM course_version AS old JOIN published USING (id), copy, jsonb_populate_record(
  old, jsonb_build_object('id', pg_temp.copy(old.id, nth), 'course_id', pg_temp.copy(course_id, nth))) AS made;
INSERT INTO course_text SELECT made.* FROM course_text AS old JOIN published ON published.id = version_id, copy,
  jsonb_populate_record(old, jsonb_build_object('version_id', pg_temp.copy(old.version_id, nth))) AS made;
INSERT INTO module_text SELECT made.* FROM module JOIN published ON published.id = version_id
  JOIN module_text AS old ON old.module_id = module.id, copy,
  jsonb_populate_record(old, jsonb_build_object('module_id', pg_temp.copy(old.module_id, nth))) AS made;
INSERT INTO lesson_text SELECT made.* FROM lesson JOIN published ON published.id = version_id
  JOIN lesson_text AS old ON old.lesson_id = lesson.id, copy,
  jsonb_populate_record(old, jsonb_build_object('lesson_id', pg_temp.copy(old.lesson_id, nth))) AS made;
INSERT INTO lesson SELECT made.* FROM lesson AS old JOIN published ON published.id = version_id, copy,
  jsonb_populate_record(old, jsonb_build_object('id', pg_temp.copy(old.id, nth),
    'version_id', pg_temp.copy(old.version_id, nth), 'module_id', pg_temp.copy(old.module_id, nth),
    'permanent_id', pg_temp.copy(old.permanent_id, nth))) AS made;
INSERT INTO module SELECT made.* FROM module AS old JOIN published ON published.id = version_id, copy,
  jsonb_populate_record(old, jsonb_build_object('id', pg_temp.copy(old.id, nth),
    'version_id', pg_temp.copy(old.version_id, nth), 'permanent_id', pg_temp.copy(old.permanent_id, nth))) AS made;
