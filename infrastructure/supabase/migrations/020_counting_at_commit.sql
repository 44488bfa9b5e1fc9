-- Comments are counted when their transaction commits: whoever counts holds the post's row, and two hundred people who
-- comment on one post wait for each other no longer than a commit takes.

drop trigger comments_count_new on app_web.comments;
drop trigger comments_count_removed on app_web.comments;
drop trigger comments_count_deleted on app_web.comments;
create constraint trigger comments_count_new after insert on app_web.comments
  deferrable initially deferred
  for each row when (new.removed_at is null) execute function app_web.count_comment();
create constraint trigger comments_count_removed after update on app_web.comments
  deferrable initially deferred
  for each row when (old.removed_at is null and new.removed_at is not null) execute function app_web.count_comment();
create constraint trigger comments_count_deleted after delete on app_web.comments
  deferrable initially deferred
  for each row when (old.removed_at is null) execute function app_web.count_comment();
