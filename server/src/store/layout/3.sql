-- How far the author of a command that was so already had read: where what he asks after it stands.
alter table verdict add column seen bigint;
