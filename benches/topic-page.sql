-- The page of topic-page.graphql for :viewer, as one statement. It asks what the server asks: that the account is not
-- suspended, sees the community and may post there, how far it has read, and whose names it may see. Nobody who asks moderates.
SELECT json_build_object('data', json_build_object('topic', json_build_object(
  'id', topic.id,
  'title', topic.title,
  'language', topic.language,
  'isPinned', topic.is_pinned,
  'isLocked', topic.is_locked,
  'postCount', topic.post_count,
  'viewerReadNumber', coalesce(position.number, 0),
  'viewerUnreadCount', least(100, topic.post_count - coalesce(position.number, 0)
    - (SELECT count(*) FROM post WHERE post.topic_id = topic.id AND post.author_id = viewer.id AND post.state = 'shown'
      AND post.number > coalesce(position.number, 0))
    - (SELECT count(*) FROM post WHERE post.topic_id = topic.id AND post.state <> 'shown'
      AND post.number > coalesce(position.number, 0))),
  'viewerCanPost', NOT topic.is_locked AND community.archived_at IS NULL AND viewer.vetted_at IS NOT NULL
    AND removal.id IS NULL,
  'author', CASE WHEN author.confirmed_at IS NOT NULL THEN json_build_object('id', author.id, 'fullName', CASE
    WHEN viewer.vetted_at IS NOT NULL OR author.is_name_shown OR author.id = viewer.id THEN author.full_name END) END,
  'posts', (
    SELECT json_build_object(
      'nodes', json_agg(json_build_object(
        'id', post.id,
        'number', post.number,
        'state', upper(post.state),
        'language', post.language,
        'bodyHtml', CASE WHEN post.state = 'shown' THEN post.body_html END,
        'createdAt', post.created_at,
        'editedAt', CASE WHEN post.state = 'shown' THEN post.edited_at END,
        'author', CASE WHEN author.confirmed_at IS NOT NULL AND post.state = 'shown' THEN json_build_object(
          'id', author.id, 'fullName', CASE
            WHEN viewer.vetted_at IS NOT NULL OR author.is_name_shown OR author.id = viewer.id THEN author.full_name END) END)
        ORDER BY post.number) FILTER (WHERE post.place <= 25),
      'pageInfo', json_build_object('hasNextPage', count(*) > 25))
    FROM (
      SELECT *, row_number() OVER (ORDER BY number) AS place
      FROM post WHERE post.topic_id = topic.id ORDER BY number LIMIT 26) AS post
    LEFT JOIN "user" AS author ON author.id = post.author_id))))
FROM "user" AS viewer
JOIN topic ON topic.id = :topic AND topic.hidden_at IS NULL
JOIN community ON community.id = topic.parent_id
LEFT JOIN removal ON removal.community_id = community.id AND removal.user_id = viewer.id
LEFT JOIN read_position AS position ON position.topic_id = topic.id AND position.user_id = viewer.id
LEFT JOIN "user" AS author ON author.id = topic.author_id
WHERE viewer.id = :viewer AND viewer.suspended_at IS NULL AND (community.visibility = 'public' OR removal.id IS NULL) AND (
  community.visibility = 'public'
  OR community.visibility = 'members' AND viewer.vetted_at IS NOT NULL
  OR community.owner_id = viewer.id
  OR EXISTS (SELECT FROM access WHERE access.subject_id = community.id AND access.user_id = viewer.id));
