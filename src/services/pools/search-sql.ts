/**
 * The things of a pool that fit a search, a page of them. It asks for
 *
 * - $1 the network, $2 the pool, $3 a kind, $4 words, $5 a number of pieces;
 * - $6 to $8 a circle by latitude, longitude and kilometres, $9 and $10 the box around it;
 * - $11 to $12 an interval that is free for the whole of it, with $13 the present, $14 the longest booking in minutes that any
 *   rule allows, $15 own hours that allow it and $16 for which scopes those of the pool do;
 * - $17 to $19 the last one of the page before, $20 how many.
 *
 * What is taken goes up where a booking or its buffer begins and down where it ends, and down first where both fall
 * together: its peak within the interval must leave as many pieces as are asked for. What is still out after its time counts up to
 * now, and its buffer after that.
 */
export const FOUND_THINGS = `
with fitting as (
  select thing.id, thing.name, thing.quantity, thing.use_count,
         $11::timestamptz - coalesce(thing.buffer_before_minutes, pool.buffer_before_minutes) * interval '1 minute' as from_at,
         $12::timestamptz + coalesce(thing.buffer_after_minutes, pool.buffer_after_minutes) * interval '1 minute' as until_at,
         case when $6::float8 is null then 0 else round(12742017.6 * asin(least(1, sqrt(
           power(sin(radians(thing.latitude - $6) / 2), 2)
           + cos(radians($6)) * cos(radians(thing.latitude)) * power(sin(radians(thing.longitude - $7::float8) / 2), 2))))
         ) end::bigint as distance_m
    from resource thing
    join pool on pool.network_id = thing.network_id and pool.id = thing.pool_id
   where thing.network_id = $1 and thing.pool_id = $2 and thing.state = 'ACTIVE'
     and ($3::text is null or thing.kind = $3)
     and ($4::text is null or thing.search @@ to_tsquery('simple', $4))
     and ($5::integer is null or thing.quantity >= $5)
     and ($6::float8 is null or thing.latitude between ($9::float8[])[1] and ($9::float8[])[2])
     and ($10::float8[] is null or thing.longitude between ($10)[1] and ($10)[2])
     and ($11::timestamptz is null or (
       thing.quantity is not null and thing.condition <> 'UNUSABLE'
       and (thing.lent_until is null or thing.lent_until >= $12)
       and $11 >= $13::timestamptz + coalesce(thing.lead_minutes, pool.lead_minutes) * interval '1 minute'
       and $12 - $11 <= coalesce(thing.longest_minutes, pool.longest_minutes, $14::integer) * interval '1 minute'
       and case when thing.opening is null then thing.opening_scope = any($16::text[])
                else thing.opening_scope || thing.opening::text = any($15::text[]) end))
), near as (
  select * from fitting where $8::float8 is null or distance_m <= $8 * 1000
), taken as (
  select near.id, item.quantity, greatest(item.occupied_from, near.from_at) as from_at,
         item.occupied_until + case when booking.state = 'CHECKED_OUT'
           then greatest(interval '0', $13 - booking.until_at) else interval '0' end as until_at, near.from_at as begins_at
    from near
    join booking_item item on item.network_id = $1 and item.resource_id = near.id and item.is_taken
         and item.occupied_from < near.until_at
    join booking on booking.network_id = $1 and booking.id = item.booking_id
   where $11 is not null
), changes as (
  select id, from_at as at, quantity as by from taken where until_at > begins_at
  union all
  select id, until_at, -quantity from taken where until_at > begins_at
), peaks as (
  select id, max(load) as load
    from (select id, sum(by) over (partition by id order by at, by rows unbounded preceding) as load from changes) loads
   group by id
)
select near.id, near.name, near.distance_m
  from near
  left join peaks on peaks.id = near.id
 where ($11 is null or (
         near.quantity - coalesce(peaks.load, 0) >= coalesce($5, 1)
         and not exists (
           select 1 from maintenance_plan plan
            where plan.network_id = $1 and plan.resource_id = near.id and plan.ended_at is null
              and (plan.last_done_at + plan.every_days * interval '24 hours' <= $13
                   or near.use_count - plan.last_done_uses >= plan.every_uses))))
   and ($17::bigint is null
        or (near.distance_m, near.name collate "C", near.id) > ($17::bigint, $18::text collate "C", $19::text))
 order by near.distance_m, near.name collate "C", near.id
 limit $20`;
