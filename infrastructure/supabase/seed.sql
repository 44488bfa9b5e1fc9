-- Two small organizations to look around in, for a fresh development database: an observatory and a bakery
-- cooperative. Everybody's password is the one below. Run by `./dfworx up` when the database is empty, or by
-- `./dfworx db seed`; each section builds on the ones before it. Dates count back from the day of seeding.
-- login: ada@northlight.example dfworx-development

-- schema: public

insert into public.organizations (name, slug, created_at) values
  ('Northlight Observatory', 'northlight', now() - interval '240 days'),
  ('Crumb & Crust Cooperative', 'crumb-and-crust', now() - interval '180 days');

insert into public.users (organization_id, name, email, role, origin, created_at)
select o.organization_id, person.name, person.email, person.role, person.origin, o.created_at + person.later * interval '1 day'
  from (values
    ('northlight', 'Ada Okafor', 'ada@northlight.example', 'admin', 'registered', 0),
    ('northlight', 'Mikkel Dahl', 'mikkel@northlight.example', 'moderator', 'invited', 1),
    ('northlight', 'Priya Raman', 'priya@raman.example', 'member', 'invited', 3),
    ('northlight', 'Tomás Rivera', 'tomas@northlight.example', 'member', 'invited', 3),
    ('northlight', '田辺 ゆき', 'yuki@northlight.example', 'member', 'invited', 20),
    ('northlight', 'Hanne Solberg', 'hanne@solberg.example', 'guest', 'invited', 90),
    ('crumb-and-crust', 'Joris Peeters', 'joris@crumb.example', 'admin', 'registered', 0),
    ('crumb-and-crust', 'Marta Nowak', 'marta@crumb.example', 'moderator', 'invited', 2),
    ('crumb-and-crust', 'سمير حداد', 'samir@crumb.example', 'member', 'invited', 2),
    ('crumb-and-crust', 'Inês Duarte', 'ines@crumb.example', 'member', 'invited', 30),
    ('crumb-and-crust', 'Priya Raman', 'priya@raman.example', 'member', 'invited', 45)  -- belongs to both
  ) as person (organization, name, email, role, origin, later)
  join public.organizations o on o.slug = person.organization;

-- schema: app_auth

-- argon2id of `dfworx-development`.
insert into app_auth.identities (email, password_hash, password_changed_at, created_at)
select email, '$argon2id$v=19$m=19456,t=2,p=1$MgMoTclKiGOGiDbWVzOwbg$YWnIZx/pe5Y1K3xP5L6ymE4BJRQt7o3tz28rCxGYxJc',
       min(created_at), min(created_at)
  from public.users where identity_id is null group by email;

update public.users u set identity_id = i.identity_id from app_auth.identities i where i.email = u.email and u.identity_id is null;

-- schema: app_web

insert into app_web.profiles (organization_id, user_id, title, bio, timezone)
select u.organization_id, u.user_id, profile.title, profile.bio, profile.timezone
  from (values
    ('northlight', 'ada@northlight.example', 'Director', 'Keeps the telescope funded and the kettle on. Variable stars since 2004.', 'Europe/Oslo'),
    ('northlight', 'mikkel@northlight.example', 'Instrument engineer', 'Cameras, filters, cables. If it fogs up, call me.', 'Europe/Copenhagen'),
    ('northlight', 'priya@raman.example', 'Data', 'Pipelines here, sourdough on Saturdays at Crumb & Crust.', 'Europe/Oslo'),
    ('northlight', 'tomas@northlight.example', 'Observer', 'On the roof from October to March.', 'Europe/Madrid'),
    ('northlight', 'yuki@northlight.example', '観測員', '冬の空が好きです。', 'Asia/Tokyo'),
    ('northlight', 'hanne@solberg.example', 'School partner', 'Brings class 9B every spring.', 'Europe/Oslo'),
    ('crumb-and-crust', 'joris@crumb.example', 'Treasurer', 'Counts flour and money, in that order.', 'Europe/Brussels'),
    ('crumb-and-crust', 'marta@crumb.example', 'Head baker', 'Rye, mostly. Starts at three.', 'Europe/Warsaw'),
    ('crumb-and-crust', 'samir@crumb.example', 'خبّاز', 'خبز الزعتر كل يوم جمعة.', 'Europe/Brussels'),
    ('crumb-and-crust', 'ines@crumb.example', 'Shop and deliveries', 'The bicycle with the blue box.', 'Europe/Lisbon'),
    ('crumb-and-crust', 'priya@raman.example', 'Saturday baker', '', 'Europe/Oslo')
  ) as profile (organization, email, title, bio, timezone)
  join public.organizations o on o.slug = profile.organization
  join public.users u on u.organization_id = o.organization_id and u.email = profile.email;

insert into app_web.categories (organization_id, name, slug, description, position)
select o.organization_id, category.name, category.slug, category.description, category.position
  from (values
    ('northlight', 'Observing', 'observing', 'What we look at, when and how.', 1),
    ('northlight', 'Instruments', 'instruments', 'Telescope, dome, cameras and their moods.', 2),
    ('northlight', 'Visitors', 'visitors', 'Open nights, schools, questions from the public.', 3),
    ('crumb-and-crust', 'Recipes', 'recipes', 'Formulas in baker''s percentages.', 1),
    ('crumb-and-crust', 'Running the bakery', 'running-the-bakery', 'Shifts, orders, suppliers.', 2),
    ('crumb-and-crust', 'Members', 'members', 'What we decide together.', 3)
  ) as category (organization, name, slug, description, position)
  join public.organizations o on o.slug = category.organization;

-- The first paragraph of each is plain text of at most 300 characters: it is the excerpt.
insert into app_web.posts (organization_id, user_id, category_id, title, slug, content, excerpt, status, metadata,
                           created_at, updated_at, published_at, archived_at)
select o.organization_id, u.user_id, c.category_id, post.title, post.slug, btrim(post.content, E'\n'),
       split_part(btrim(post.content, E'\n'), E'\n\n', 1), post.status, '{"seed": true}',
       now() - post.age::interval, now() - post.age::interval,
       case when post.status <> 'draft' then now() - post.age::interval end,
       case when post.status = 'archived' then now() - post.age::interval / 2 end
  from (values
    ('northlight', 'ada@northlight.example', 'observing', 'How we plan a night', 'how-we-plan-a-night', 'published', '3 days', $md$
A night is planned in the afternoon, on one page, by whoever opens the dome. The plan names targets in the order in which they cross the meridian, and it says when to stop.

## Before sunset

1. Read the forecast of three sources. If two of them say wind above 15 m/s, stay home.
2. Check the [calibration frames](/posts/calibration-frames): darks older than 14 days are taken again.
3. Write the plan into the log and name a second person who answers the phone.

## The order of targets

| Start (UT) | Target | Filter | Exposure | Why now |
|---|---|---|---|---|
| 18:10 | SS Cygni | V | 60 s x 20 | sets first |
| 19:30 | M 31 field 4 | B, V | 120 s x 15 | meridian at 20:05 |
| 22:00 | RR Lyrae | V | 30 s x 60 | maximum predicted 22:40 |

Stop when humidity passes 92 %, whatever is left on the list. Mirrors are older than any of us.
$md$),
    ('northlight', 'mikkel@northlight.example', 'instruments', 'Calibration frames', 'calibration-frames', 'published', '11 days', $md$
Darks, flats and biases take twenty minutes and save a week. The camera is cooled to -20 °C; frames taken at any other temperature are thrown away.

- **Bias**: 50 frames, shutter closed, 0 s.
- **Dark**: 20 frames at each exposure used that week.
- **Flat**: 15 frames a filter at dusk, 25,000 counts, give or take 2,000.

The script writes them where the pipeline expects them:

```sh
take-frames --kind flat --filter V --counts 25000 --count 15
ls /data/calibration/$(date -u +%Y-%m-%d)/flat-V
```

If a flat shows a ring, it is dust on the filter and not a discovery. See [Cleaning the V filter](/posts/cleaning-the-v-filter).
$md$),
    ('northlight', 'mikkel@northlight.example', 'instruments', 'Cleaning the V filter', 'cleaning-the-v-filter', 'published', '26 days', $md$
Only with the blower, never with cloth. The coating is 200 nm thick and a replacement takes eleven weeks.

1. Park the telescope pointing east and close the mirror cover.
2. Take the wheel out by its two brass screws; they are soft.
3. Ten puffs from below, so that dust falls away from the glass.
4. Take one flat and compare it with the last good one before putting the tools away.
$md$),
    ('northlight', 'priya@raman.example', 'observing', 'From raw frame to light curve', 'from-raw-frame-to-light-curve', 'published', '19 days', $md$
Every clear night leaves about 400 frames, and by breakfast they are light curves. This is what happens in between, and what to look at when a curve looks too good.

> A star that varies with exactly the period of the dome light is the dome light.

The reduction subtracts the dark, divides by the flat and measures the target against three comparison stars:

```python
def differential_magnitude(target: float, comparisons: list[float]) -> float:
    """Magnitudes, brighter is smaller. Fluxes must come from the same frame."""
    reference = sum(comparisons) / len(comparisons)
    return -2.5 * math.log10(target / reference)
```

Points with an airmass above 2.0 are kept but drawn hollow. Nothing is ever deleted: a bad point with its reason is worth more than a gap.
$md$),
    ('northlight', 'tomas@northlight.example', 'observing', 'SS Cygni went up on Tuesday', 'ss-cygni-went-up', 'published', '2 days', $md$
The outburst began between 21:14 and 23:02 UT: magnitude 11.9 in the first set, 10.4 in the last. We are the third station to report it.

Please keep taking V every ten minutes until it is back below 11.5. Ada has written to the network, and Priya is holding the pipeline's morning slot for it.
$md$),
    ('northlight', 'yuki@northlight.example', 'observing', '冬の星図の使い方', '冬の星図の使い方', 'published', '8 days', $md$
冬の夜は長く、空気が澄んでいるので、初めて星図を使う人に向いています。ここでは観測室の机にある星図の読み方を説明します。

## 向きを合わせる

1. 星図の「南」を自分の正面にします。
2. 外側の目盛りで、今日の日付と時刻を合わせます。
3. 目が暗さに慣れるまで十五分待ちます。白い光は使わないでください。

最初に探すのは**オリオン座の三つ星**です。そこから左下にたどると、全天で一番明るい恒星シリウスが見つかります。
$md$),
    ('northlight', 'ada@northlight.example', 'visitors', 'Open night checklist', 'open-night-checklist', 'published', '40 days', $md$
Forty people, one ladder, no white light. Whoever hosts an open night walks through this list at 17:00 and again when the last guest has gone.

- [ ] Red lamps on the stairs, tape on the edge of the platform
- [ ] Chair at the eyepiece for children and for anyone who wants one
- [ ] Cloud programme ready: the seminar room, the [questions we are asked](/posts/questions-we-are-asked)
- [ ] Count people out as well as in
$md$),
    ('northlight', 'tomas@northlight.example', 'visitors', 'Questions we are asked', 'questions-we-are-asked', 'published', '64 days', $md$
The same dozen questions come every open night, and short answers keep the queue at the eyepiece moving. Add yours below as a comment.

**Why isn't it coloured like in the pictures?** Your eye sees colour only in bright light; the camera waits for ten minutes.

**How far can you see?** M 31 with the bare eye: 2.5 million years ago.

**Has anything ever hit the telescope?** A snowball, in 2019.
$md$),
    ('northlight', 'mikkel@northlight.example', 'instruments', 'Dome shutter: what we know', 'dome-shutter-what-we-know', 'published', '33 days', $md$
The shutter stopped three times in October, always between 2 and 4 °C and always on the way up. The motor is fine; the limit switch is the suspect.

| Date | Outside | Position | What helped |
|---|---|---|---|
| 4 Oct | 3.1 °C | 60 % | waiting ten minutes |
| 17 Oct | 2.4 °C | 58 % | tapping the switch |
| 29 Oct | 3.8 °C | 61 % | tapping the switch |

Until the new switch is here: if it stops, tap once, log it, and never lean out.
$md$),
    ('northlight', 'ada@northlight.example', null, 'Grant report, first half', 'grant-report-first-half', 'draft', '1 day', $md$
Numbers for the foundation, due on the last day of the month. Nights and frames are final, the school visits still need Hanne's count.

- 71 clear nights of 181
- 26,300 frames, 94 % of them reduced
- 12 open nights
$md$),
    ('northlight', 'priya@raman.example', 'observing', 'Comparison stars for RR Lyrae', 'comparison-stars-for-rr-lyrae', 'draft', '5 days', $md$
Two of our five comparison stars are variable themselves, by 0.02 mag. I would like to replace them before the season starts, and this is the list I am checking.
$md$),
    ('northlight', 'mikkel@northlight.example', 'instruments', 'The old camera', 'the-old-camera', 'archived', '200 days', $md$
How to run the camera we had until March. It is kept for those who reduce old frames: gain 1.8 e-/ADU, read noise 11 e-, one dead column at x = 413.
$md$),
    ('crumb-and-crust', 'marta@crumb.example', 'recipes', 'House rye', 'house-rye', 'published', '4 days', $md$
Our everyday loaf: 70 % rye, one day from feeding to shelf. It is ready when a knuckle on the bottom sounds like a door, and it is better on the second day.

| | Weight for 20 loaves | Baker's % |
|---|---|---|
| Rye flour 1150 | 7.0 kg | 70 |
| Wheat flour 812 | 3.0 kg | 30 |
| Water, 32 °C | 7.8 kg | 78 |
| Rye sour | 3.2 kg | 32 |
| Salt | 0.2 kg | 2 |

## Timetable

1. **15:00** feed the sour, 26 °C.
2. **03:00** mix six minutes, rest forty.
3. **04:10** shape with wet hands, 850 g.
4. **05:20** bake: 250 °C with steam for ten minutes, then 200 °C for forty.

If the sour smells of nail varnish, read [When the sour is slow](/posts/when-the-sour-is-slow) first.
$md$),
    ('crumb-and-crust', 'marta@crumb.example', 'recipes', 'When the sour is slow', 'when-the-sour-is-slow', 'published', '15 days', $md$
A slow sour is nearly always a cold sour. Measure before you change anything: the thermometer hangs left of the oven.

- Below 22 °C: put it on the oven's shoulder and wait two hours.
- 24 to 28 °C and still flat: feed 1 : 1 : 1 twice, four hours apart.
- Pink or orange: throw it away, wash everything, take the reserve from the freezer.
$md$),
    ('crumb-and-crust', 'samir@crumb.example', 'recipes', 'خبز الزعتر', 'خبز-الزعتر', 'published', '9 days', $md$
خبز رقيق بالزعتر وزيت الزيتون، نخبزه صباح كل جمعة. تكفي هذه المقادير لعشرين رغيفًا.

## المقادير

- ٢ كغ دقيق قمح
- ١٫٣ لتر ماء فاتر
- ٤٠ غ ملح و٢٠ غ خميرة
- ٣٠٠ غ زعتر مع ٣٠٠ مل زيت زيتون

## الطريقة

1. اعجن عشر دقائق ثم اترك العجين ساعة في مكان دافئ.
2. قسّمه إلى كرات من ١٦٠ غ واتركها عشرين دقيقة.
3. ابسطها وادهنها بالزعتر واخبزها ثماني دقائق على حرارة ٢٨٠ درجة.
$md$),
    ('crumb-and-crust', 'ines@crumb.example', 'running-the-bakery', 'Delivery round', 'delivery-round', 'published', '6 days', $md$
The round takes 55 minutes by bicycle and starts at 06:10. Keys are on the hook by the back door; the school's is the one with tape.

1. Café Lumen: 12 rye, 20 rolls. Back door, ring once.
2. School kitchen: 8 wheat, sliced. Must be there by 06:40.
3. Mrs. Aerts, second floor: one small rye, Tuesdays and Fridays only.
4. Market hall, stall 14: whatever is left over 30 loaves.

When it rains, the blue box goes on first and the paper bags go into it.
$md$),
    ('crumb-and-crust', 'joris@crumb.example', 'running-the-bakery', 'What a loaf costs us', 'what-a-loaf-costs-us', 'published', '21 days', $md$
A house rye costs 2.31 and sells for 4.20. The flour is less than people think, and the hour between four and five is more.

| Part | Cost |
|---|---|
| Flour, salt | 0.58 |
| Energy | 0.39 |
| Work | 1.12 |
| Rent and repairs | 0.22 |

Priya's sheet computes it for every recipe; the price list follows in the [spring meeting](/posts/minutes-of-the-spring-meeting).
$md$),
    ('crumb-and-crust', 'joris@crumb.example', 'members', 'Minutes of the spring meeting', 'minutes-of-the-spring-meeting', 'published', '48 days', $md$
Nine of eleven members were there. We decided three things, and nobody left before the soup.

1. The second oven is repaired and not replaced (7 for, 2 abstained).
2. Saturday shifts begin at five, not at four.
3. Prices stay until autumn, with the [costs](/posts/what-a-loaf-costs-us) open to everybody.
$md$),
    ('crumb-and-crust', 'priya@raman.example', 'running-the-bakery', 'Ordering flour without running out', 'ordering-flour-without-running-out', 'published', '12 days', $md$
The mill delivers on Thursdays and wants to know by Monday noon. Count bags on Sunday evening, then use the rule below and not your feeling.

```python
def bags_to_order(bags_left: int, bags_a_week: int = 14, reserve: int = 4) -> int:
    return max(0, bags_a_week + reserve - bags_left)
```

Add six bags before Easter and none in the second week of August.
$md$),
    ('crumb-and-crust', 'ines@crumb.example', 'members', 'Where the tips go', 'where-the-tips-go', 'published', '30 days', $md$
Tips of the shop and of the round go into one jar and are split by hours at the end of the month. Last month that was 1.34 an hour.
$md$),
    ('crumb-and-crust', 'marta@crumb.example', 'running-the-bakery', 'Closing the shop', 'closing-the-shop', 'published', '55 days', $md$
Last one out walks once around the room, clockwise, starting at the oven. Eight things, ninety seconds.

Oven off and damper shut; proofer empty; sour fed and labelled; water tap; back window; till counted into the book; alarm; key turned twice.
$md$),
    ('crumb-and-crust', 'joris@crumb.example', 'members', 'A second shop?', 'a-second-shop', 'draft', '2 days', $md$
The corner by the station is free from June. Rent is 1,450 and the oven would have to stay here, so it is a question of bread by bicycle at seven in the morning.
$md$),
    ('crumb-and-crust', 'marta@crumb.example', 'recipes', 'Plum cake, late summer', 'plum-cake-late-summer', 'draft', '7 days', $md$
Yeast dough, not shortcrust, and twice as many plums as seems right. Still to be weighed properly.
$md$),
    ('crumb-and-crust', 'joris@crumb.example', 'running-the-bakery', 'Shift plan of last winter', 'shift-plan-of-last-winter', 'archived', '160 days', $md$
Four bakers, two ovens, and a snow week in January that we covered by phone. Kept because the pattern of five days on, two off worked well.
$md$)
  ) as post (organization, author, category, title, slug, status, age, content)
  join public.organizations o on o.slug = post.organization
  join public.users u on u.organization_id = o.organization_id and u.email = post.author
  left join app_web.categories c on c.organization_id = o.organization_id and c.slug = post.category;

insert into app_web.comments (organization_id, post_id, user_id, content, created_at, updated_at)
select p.organization_id, p.post_id, u.user_id, comment.content, now() - comment.age::interval, now() - comment.age::interval
  from (values
    ('northlight', 'ss-cygni-went-up', 'ada@northlight.example', 'Confirmed by two stations in Spain. Well caught.', '40 hours'),
    ('northlight', 'ss-cygni-went-up', 'priya@raman.example', 'Frames of last night are reduced; the curve is still climbing.', '30 hours'),
    ('northlight', 'dome-shutter-what-we-know', 'tomas@northlight.example', 'Happened again at 2.9 °C. One tap, 59 %.', '25 days'),
    ('northlight', 'dome-shutter-what-we-know', 'mikkel@northlight.example', 'The new switch comes in week 48. Thank you for logging it.', '24 days'),
    ('northlight', 'questions-we-are-asked', 'hanne@solberg.example', 'From class 9B: what do you do when you need the toilet?', '50 days'),
    ('crumb-and-crust', 'house-rye', 'ines@crumb.example', 'Café Lumen asks for it a little darker.', '3 days'),
    ('crumb-and-crust', 'house-rye', 'marta@crumb.example', 'Five minutes more at 200 °C for their twelve, then. I mark the tins.', '3 days'),
    ('crumb-and-crust', 'what-a-loaf-costs-us', 'samir@crumb.example', 'وماذا عن خبز الزعتر؟ الزيت أصبح أغلى.', '18 days')
  ) as comment (organization, slug, author, content, age)
  join public.organizations o on o.slug = comment.organization
  join app_web.posts p on p.organization_id = o.organization_id and p.slug = comment.slug
  join public.users u on u.organization_id = o.organization_id and u.email = comment.author;
