-- Refused commands are judged anew each time: their verdicts answer nothing (0x82 0x03 begins one), and neither does
-- the policy that a command was judged under.
delete from verdict where substr(reply, 1, 2) = x'8203';
alter table verdict drop column policy;
