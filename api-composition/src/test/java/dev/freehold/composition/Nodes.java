package dev.freehold.composition;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the sources of generated services answer: by their names, so that it is the same however they are declared. */
public final class Nodes {

    /** A row of any source. */
    public record Node(long id, @Nullable Long ref, long owner, List<Long> refs) {}

    /** Some of it. */
    public record Ref(long id, @Nullable Long ref) {}

    /** What root sources filter by. */
    public record Filter(@Nullable Long atLeast, @Nullable Long owner) {}

    private static final int COUNT = 30;
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<String, Set<Long>> ASKED = new TreeMap<>();

    private Nodes() {}

    /** Takes down what each source was asked for since the last time. */
    static Map<String, Set<Long>> asked() {
        LOCK.lock();
        try {
            Map<String, Set<Long>> asked = new TreeMap<>(ASKED);
            ASKED.clear();
            return asked;
        } finally {
            LOCK.unlock();
        }
    }

    private static void asked(String source, Collection<Long> keys) {
        LOCK.lock();
        try {
            ASKED.computeIfAbsent(source, any -> new TreeSet<>()).addAll(keys);
        } finally {
            LOCK.unlock();
        }
    }

    /** All of a source. One with gaps lacks every third. */
    static List<Node> all(String source) {
        Random random = new Random(source.hashCode());
        return IntStream.range(0, COUNT)
                .mapToObj(id -> new Node(
                        id,
                        random.nextInt(6) == 0 ? null : Long.valueOf(random.nextInt(COUNT)),
                        random.nextInt(8),
                        random.ints(random.nextInt(4), 0, COUNT)
                                .mapToObj(Long::valueOf)
                                .toList()))
                .filter(node -> !source.endsWith("Gaps") || node.id() % 3 != 0)
                .toList();
    }

    private static Stream<Node> answer(String source, Collection<Long> keys) throws ConnectException {
        asked(source, keys);
        if (source.endsWith("Away")) {
            throw new ConnectException("refused");
        }
        return all(source).stream();
    }

    /** Twice the same, from a source that has too many. */
    private static List<Node> times(String source, List<Node> rows) {
        return source.endsWith("Twice")
                ? Stream.concat(rows.stream(), rows.stream()).toList()
                : rows;
    }

    public static @Nullable Node one(String source, Long id) throws ConnectException {
        return answer(source, List.of(id))
                .filter(node -> node.id() == id)
                .findFirst()
                .orElse(null);
    }

    public static List<Node> many(String source, Long owner) throws ConnectException {
        return answer(source, List.of(owner))
                .filter(node -> node.owner() == owner)
                .toList();
    }

    public static List<Node> byId(String source, Set<Long> ids) throws ConnectException {
        return times(
                source,
                answer(source, ids).filter(node -> ids.contains(node.id())).toList());
    }

    public static List<Node> byOwner(String source, Set<Long> owners) throws ConnectException {
        return answer(source, owners)
                .filter(node -> owners.contains(node.owner()))
                .toList();
    }

    public static List<Node> byOwner(String source, Set<Long> owners, int limit) throws ConnectException {
        List<Node> some = new ArrayList<>();
        listsByOwner(source, owners, limit).values().forEach(some::addAll);
        return some;
    }

    public static Map<Long, Node> mapById(String source, Set<Long> ids) throws ConnectException {
        Map<Long, Node> found = new LinkedHashMap<>();
        answer(source, ids).filter(node -> ids.contains(node.id())).forEach(node -> found.put(node.id(), node));
        return found;
    }

    public static Map<Long, List<Node>> listsByOwner(String source, Set<Long> owners) throws ConnectException {
        return listsByOwner(source, owners, COUNT);
    }

    public static Map<Long, List<Node>> listsByOwner(String source, Set<Long> owners, int limit)
            throws ConnectException {
        List<Node> rows = answer(source, owners).toList();
        Map<Long, List<Node>> found = new LinkedHashMap<>();
        for (Long owner : owners) {
            found.put(
                    owner,
                    rows.stream()
                            .filter(node -> node.owner() == owner)
                            .limit(limit)
                            .toList());
        }
        return found;
    }

    /** Keys of rows that have an owner. */
    public static Set<Long> ids(String source, Long owner, int limit) {
        asked(source + " by owner", List.of(owner));
        Set<Long> ids = new TreeSet<>();
        all(source).stream().filter(node -> node.owner() <= owner).limit(limit).forEach(node -> ids.add(node.id()));
        return ids;
    }

    public static List<Node> page(String source, Keyset at, int limit) {
        return page(source, new Filter(null, null), null, at, limit);
    }

    public static List<Node> page(String source, Filter filter, Keyset at, int limit) {
        return page(source, filter, null, at, limit);
    }

    /** Rows by id, the greatest first. */
    public static List<Node> page(String source, Filter filter, @Nullable Set<Long> refs, Keyset at, int limit) {
        return all(source).stream()
                .filter(node -> filter.atLeast() == null || node.id() >= filter.atLeast())
                .filter(node -> refs == null || node.ref() != null && refs.contains(node.ref()))
                .filter(node -> at.isStart() || node.id() < at.get(0, Long.class))
                .sorted(Comparator.comparing(Node::id).reversed())
                .limit(limit)
                .toList();
    }

    public static Slice<Node> slice(String source, Filter filter, @Nullable Set<Long> refs, Keyset at, int limit) {
        List<Node> rows = page(source, filter, refs, at, limit + 1);
        return new Slice<>(rows.subList(0, Math.min(limit, rows.size())), rows.size() > limit);
    }
}
