package dev.freehold.composition;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Reads what a {@link Source} declares of its cache. */
final class CacheReader {

    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * What there is for caches.
     *
     * @param manager of caches; null: none
     * @param scoped whether it is known for whom answers are good
     */
    record Surroundings(@Nullable CacheManager manager, boolean scoped) {}

    private final Source declared;
    private final Surroundings surroundings;
    private final Site site;

    CacheReader(Source declared, Surroundings surroundings, Site site) {
        this.declared = declared;
        this.surroundings = surroundings;
        this.site = site;
    }

    /** Null if there is none, or something is wrong, which has been added to the problems. */
    @Nullable
    SourceCache read() {
        if (declared.cache().isEmpty()) {
            if (!declared.freshFor().isEmpty() || !declared.staleFor().isEmpty()) {
                wrong(
                        "has freshFor or staleFor, but no cache.",
                        "Name one: %s.".formatted(site.option("cache", "\"products\"")));
            }
            return null;
        }
        int before = site.problems().count();
        if (declared.inline()) {
            wrong("is inline and has a cache.", "Leave one out: what answers from memory needs no cache.");
        }
        if (!declared.forEverybody() && !surroundings.scoped()) {
            wrong(
                    "has a cache, but nobody says for whom its answers are good.",
                    "Say %s if they do not depend on who asks; or define a CallScope that tells users or tenants apart."
                            .formatted(site.choose("forEverybody = true", "forEverybody()")));
        }
        Duration fresh = declared.freshFor().isEmpty() ? null : duration("freshFor", declared.freshFor());
        Duration stale = declared.staleFor().isEmpty() ? Duration.ZERO : duration("staleFor", declared.staleFor());
        Duration absent = duration("absentFor", declared.absentFor());
        if (declared.freshFor().isEmpty() && !declared.staleFor().isEmpty()) {
            wrong(
                    "has staleFor without freshFor, so nothing that the cache keeps would ever be stale.",
                    "Say freshFor, too: how long an answer is good in place of a call.");
        } else if (fresh != null && stale != null && !stale.isZero() && stale.compareTo(fresh) <= 0) {
            wrong(
                    "has %s, which is no longer than freshFor.".formatted(quoted("staleFor", declared.staleFor())),
                    "Make it longer: both begin when the source is asked.");
        }
        Cache cache = cache();
        if (site.problems().count() > before || cache == null || stale == null || absent == null) {
            return null;
        }
        return new SourceCache(
                declared.name(),
                cache,
                new SourceCache.Times(fresh, stale, absent),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    private @Nullable Cache cache() {
        CacheManager manager = surroundings.manager();
        if (manager == null) {
            wrong(
                    "has the cache '%s', but there is no CacheManager.".formatted(declared.cache()),
                    site.choose("Add spring-boot-starter-cache and @EnableCaching, or give", "Give")
                            + " one to CompositionsBuilder.caches.");
            return null;
        }
        Cache cache = manager.getCache(declared.cache());
        if (cache == null) {
            wrong(
                    "has the cache '%s', which is not there.".formatted(declared.cache()),
                    Problems.choose(declared.cache(), manager.getCacheNames()));
        }
        return cache;
    }

    private @Nullable Duration duration(String name, String text) {
        try {
            Duration duration = DurationFormatterUtils.detectAndParse(text);
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException unreadable) {
            // said below
        }
        wrong("has %s.".formatted(quoted(name, text)), "Say a duration from 0s to 365d, such as 10m.");
        return null;
    }

    private String quoted(String name, String text) {
        return site.option(name, '"' + text + '"');
    }

    private void wrong(String what, String fix) {
        site.wrong(what, fix);
    }
}
