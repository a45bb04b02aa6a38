-- The list of newest-topics.graphql for :viewer, as one statement, which asks what the server asks; see topic-page.sql.
SELECT json_build_object('data', json_build_object('community', json_build_object(
  'id', community.id,
  'viewerCanPost', community.archived_at IS NULL AND viewer.vetted_at IS NOT NULL AND removal.id IS NULL,
  'topics', (
    SELECT json_build_object(
      'nodes', json_agg(json_build_object(
        'id', topic.id,
        'title', topic.title,
        'language', topic.language,
        'isPinned', topic.is_pinned,
        'isLocked', topic.is_locked,
        'postCount', topic.post_count,
        'lastPostAt', topic.last_post_at,
        'author', CASE WHEN author.confirmed_at IS NOT NULL THEN json_build_object('id', author.id, 'fullName', CASE
          WHEN viewer.vetted_at IS NOT NULL OR author.is_name_shown OR author.id = viewer.id THEN author.full_name END) END)
        ORDER BY topic.place) FILTER (WHERE topic.place <= 25),
      'pageInfo', json_build_object('hasNextPage', count(*) > 25))
    FROM (
      SELECT *, row_number() OVER (ORDER BY is_pinned DESC, last_post_at DESC, id DESC) AS place
      FROM topic WHERE topic.parent_id = community.id AND topic.hidden_at IS NULL
      ORDER BY is_pinned DESC, last_post_at DESC, id DESC LIMIT 26) AS topic
    LEFT JOIN "user" AS author ON author.id = topic.author_id))))
FROM "user" AS viewer
JOIN community ON community.slug = :slug
LEFT JOIN removal ON removal.community_id = community.id AND removal.user_id = viewer.id
WHERE viewer.id = :viewer AND viewer.suspended_at IS NULL AND (community.visibility = 'public' OR removal.id IS NULL) AND (
  community.visibility = 'public'
  OR community.visibility = 'members' AND viewer.vetted_at IS NOT NULL
  OR community.owner_id = viewer.id
  OR EXISTS (SELECT FROM access WHERE access.subject_id = community.id AND access.user_id = viewer.id));
