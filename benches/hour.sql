-- Makes recordings of an hour out of those of the demo, which last half a minute: their playlists name the same pieces again
-- and again. To upload and encode films of an hour would take one.
UPDATE rendition_playlist SET body = regexp_replace(body, '((?:#EXTINF.*\n#EXT-X-BYTERANGE.*\n.*\n)+)', repeat('\1', 128), 'n');
UPDATE recording SET duration_ms = 128 * duration_ms;
-- Everybody was given them two hours ago, so that more is believed, and has watched ten minutes.
INSERT INTO watch (recording_id, user_id, granted_at, intervals, covered_ms, position_ms, updated_at)
SELECT recording.id, "user".id, now() - interval '2 hours', '[[0,600000]]', 600000, 600000, now() FROM recording, "user"
ON CONFLICT (recording_id, user_id) DO UPDATE SET granted_at = excluded.granted_at, intervals = excluded.intervals,
  covered_ms = excluded.covered_ms, position_ms = excluded.position_ms;
