-- The page of course-page.graphql for :viewer, as one statement: what the answer costs without a server in between.
-- It asks what the server asks: that the account is not suspended and may see the course, whether it is enrolled and how far
-- it is, and which language it reads. A title in the original language is looked up only where the reader's is missing.
-- Each module of a published version has lessons.
SELECT json_build_object('data', json_build_object('course', json_build_object(
  'id', course.id,
  'title', coalesce(own.title, original.title),
  'summary', CASE WHEN own.title IS NULL THEN original.summary ELSE own.summary END,
  'viewerEnrolment', CASE WHEN enrolment.id IS NOT NULL THEN json_build_object('state', upper(enrolment.state)) END,
  'publishedVersion', json_build_object('modules', (
    SELECT json_agg(json_build_object(
      'id', module.id,
      'title', coalesce(own.title, (
        SELECT title FROM module_text WHERE module_id = module.id AND language = course.original_language)),
      'lessons', lessons.list) ORDER BY module.position)
    FROM module
    LEFT JOIN module_text AS own ON own.module_id = module.id AND own.language = viewer.language
    JOIN (
      SELECT lesson.module_id, json_agg(json_build_object(
        'id', lesson.id,
        'title', coalesce(own.title, (
          SELECT title FROM lesson_text WHERE lesson_id = lesson.id AND language = course.original_language)),
        'viewerProgress', CASE
          WHEN enrolment.id IS NULL THEN NULL
          WHEN progress.started_at IS NULL THEN CAST('{"state": "NOT_STARTED"}' AS json)
          WHEN progress.completed_at IS NULL THEN CAST('{"state": "STARTED"}' AS json)
          ELSE CAST('{"state": "COMPLETED"}' AS json) END) ORDER BY lesson.position) AS list
      FROM lesson
      LEFT JOIN lesson_text AS own ON own.lesson_id = lesson.id AND own.language = viewer.language
      LEFT JOIN lesson_progress AS progress
        ON progress.enrolment_id = enrolment.id AND progress.permanent_lesson_id = lesson.permanent_id
      WHERE lesson.version_id = course.published_version_id
      GROUP BY lesson.module_id) AS lessons ON lessons.module_id = module.id
    WHERE module.version_id = course.published_version_id)))))
FROM "user" AS viewer
JOIN course ON course.slug = :slug AND course.published_version_id IS NOT NULL
LEFT JOIN course_text AS own ON own.version_id = course.published_version_id AND own.language = viewer.language
LEFT JOIN course_text AS original
  ON original.version_id = course.published_version_id AND original.language = course.original_language
LEFT JOIN enrolment
  ON enrolment.course_id = course.id AND enrolment.user_id = viewer.id AND enrolment.state <> 'withdrawn'
WHERE viewer.id = :viewer AND viewer.suspended_at IS NULL AND (
  course.visibility = 'public'
  OR course.visibility = 'members' AND viewer.vetted_at IS NOT NULL
  OR course.owner_id = viewer.id
  OR EXISTS (SELECT FROM access WHERE access.subject_id = course.id AND access.user_id = viewer.id));
