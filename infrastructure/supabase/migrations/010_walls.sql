-- One policy a role and command, as Supabase's advisors ask: 008 and 009 had each brought one of their own.

drop policy "definer functions note that sessions have ended" on shared_services.outbox;
drop policy "accepting an invitation notes that somebody joined" on shared_services.outbox;
create policy "definer functions note ended sessions and who joined" on shared_services.outbox
  for insert to dfworx_definer with check (topic in ('sessions.revoked', 'members.joined'));
