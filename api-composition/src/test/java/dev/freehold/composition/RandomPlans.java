package dev.freehold.composition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.core.ResolvableType;

/** A random plan with random data, and what its page should be: found one by one, without any of the engine's parts. */
final class RandomPlans {

    /** A row of any source: two ways to one key, one to many. */
    record Node(String source, int id, @Nullable Integer ref, int other, List<@Nullable Integer> refs, int owner) {}

    private static final SourceCache.Times TIMES = new SourceCache.Times(null, Duration.ZERO, Duration.ofHours(1));
    private static final ResolvableType NODE = ResolvableType.forClass(Node.class);

    private final Random random;
    private final Map<String, List<Node>> data = new LinkedHashMap<>();
    private final List<SourceDefinition> sources = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Object[] roots;
    private final @Nullable Cache cache;

    RandomPlans(long seed) {
        this(seed, null);
    }

    /** The same with caches for all sources. */
    RandomPlans(long seed, @Nullable Cache cache) {
        random = new Random(seed);
        this.cache = cache;
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            sources.add(source("s" + i));
        }
        int components = 1 + random.nextInt(6);
        for (int i = 0; i < components; i++) {
            steps.add(step(i));
        }
        roots = nodes("root", random.nextInt(40)).toArray();
    }

    Object[] roots() {
        return roots;
    }

    List<Step> steps() {
        return steps;
    }

    /** The plan, with so many calls of a page and of a source in flight at most. */
    Plan plan(int maxInFlight) {
        Plan.Limits limits = new Plan.Limits(maxInFlight, source -> maxInFlight);
        List<String> names = new ArrayList<>(List.of("root"));
        steps.forEach(step -> names.add(step.component()));
        RootDefinition root = new RootDefinition(
                "root", "test", Node.class, null, List.of(), List.of(), List.of(), false, target("root", keys -> null));
        RowBinder binder = components -> Arrays.asList(components.clone());
        return new Plan(
                "random",
                root,
                List.of(),
                names,
                "root",
                steps,
                binder,
                new Plan.Settings(Duration.ofSeconds(1), limits));
    }

    // ---- declarations

    @SuppressWarnings("NullAway") // does not see that null may be read, in classes of another compilation
    private SourceDefinition source(String name) {
        List<Node> nodes = nodes(name, random.nextInt(40));
        data.put(name, nodes);
        boolean grouped = random.nextInt(3) == 0;
        SourceDefinition.Answers answers = SourceDefinition.Answers.values()[random.nextInt(3)];
        Function<Object, @Nullable Object> rowKey = row -> grouped ? ((Node) row).owner() : ((Node) row).id();
        Function<KeyList, @Nullable Object> answer = switch (answers) {
            case ROWS ->
                keys -> nodes.stream()
                        .filter(node -> keys.contains(rowKey.apply(node)))
                        .toList();
            case MAP -> keys -> byKey(keys, nodes, grouped);
            case SINGLE -> keys -> lookUp(nodes, grouped, keys.get(0));
        };
        @Nullable Function<Object, @Nullable Object> rowKeyOrNull = null;
        if (answers == SourceDefinition.Answers.ROWS) {
            rowKeyOrNull = rowKey;
        }
        return new SourceDefinition(
                name,
                "test",
                Integer.class,
                NODE,
                answers,
                grouped,
                rowKeyOrNull,
                answers == SourceDefinition.Answers.SINGLE ? 1 : 1 + random.nextInt(12),
                null,
                false,
                1_000,
                random.nextInt(4) == 0 && cache == null,
                cache == null ? null : new SourceCache(name, cache, TIMES, () -> 1),
                target(name, answer));
    }

    private static Map<Object, Object> byKey(KeyList keys, List<Node> nodes, boolean grouped) {
        Map<Object, Object> found = new HashMap<>();
        for (Object key : keys) {
            Object row = lookUp(nodes, grouped, key);
            if (row != null) {
                found.put(key, row);
            }
        }
        return found;
    }

    private static Question.Target target(String name, Function<KeyList, @Nullable Object> answer) {
        return new Question.Target() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean forEverybody() {
                return true;
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget budget) {
                return answer.apply((KeyList) arguments);
            }
        };
    }

    @SuppressWarnings("NullAway") // does not see that null may be read, in classes of another compilation
    private Step step(int index) {
        SourceDefinition source = sources.get(random.nextInt(sources.size()));
        int parent = random.nextInt(index + 1) - 1;
        boolean fromList = parent >= 0 && steps.get(parent).isList();
        boolean via = fromList || random.nextInt(3) == 0;
        boolean byRef = random.nextBoolean();
        Function<Object, @Nullable Object> key = row -> byRef ? ((Node) row).ref() : (Object) ((Node) row).other();
        Function<Object, @Nullable Object> elements = row -> fromList ? row : ((Node) row).refs();
        @Nullable Function<Object, @Nullable Object> viaOrNull = null;
        @Nullable Function<Object, @Nullable Object> keyOrNull = null;
        if (via) {
            viaOrNull = elements;
        }
        if (!via || fromList) {
            keyOrNull = key;
        }
        Delivery.Form form = form(source.grouped(), via);
        return new Step(
                index,
                "c" + index,
                source,
                parent,
                "path",
                viaOrNull,
                keyOrNull,
                form,
                0,
                form == Delivery.Form.LIST || random.nextInt(4) == 0 ? Join.INNER : Join.LEFT,
                null,
                parent < 0 ? 2 : steps.get(parent).stage() + 1);
    }

    private Delivery.Form form(boolean grouped, boolean via) {
        if (!via) {
            return grouped ? Delivery.Form.LIST_PART : Delivery.Form.PART;
        }
        return switch (random.nextInt(3)) {
            case 0 -> Delivery.Form.LIST;
            case 1 -> Delivery.Form.LIST_PART;
            default -> grouped ? Delivery.Form.LIST_PART : Delivery.Form.EACH_PART;
        };
    }

    private List<Node> nodes(String source, int count) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<@Nullable Integer> refs = new ArrayList<>();
            for (int ref = random.nextInt(5); ref > 0; ref--) {
                refs.add(random.nextInt(6) == 0 ? null : random.nextInt(30));
            }
            Integer ref = random.nextInt(5) == 0 ? null : random.nextInt(30);
            nodes.add(new Node(source, i, ref, random.nextInt(50), refs, random.nextInt(20)));
        }
        return nodes;
    }

    // ---- what should come out

    private static @Nullable Object lookUp(List<Node> nodes, boolean grouped, Object key) {
        if (grouped) {
            return nodes.stream().filter(node -> key.equals(node.owner())).toList();
        }
        return nodes.stream().filter(node -> key.equals(node.id())).findFirst().orElse(null);
    }

    /** The rows, each a list of the root and the components as text; without those that an inner join leaves out. */
    List<String> expected() {
        List<String> rows = new ArrayList<>();
        for (Object root : roots) {
            List<Object> row = new ArrayList<>(List.of(root));
            boolean kept = true;
            for (Step step : steps) {
                String text = text(step, root);
                kept &= text != null;
                row.add(String.valueOf(text));
            }
            if (kept) {
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private @Nullable String text(Step step, Object root) {
        Set<Object> keys = keys(step, root);
        boolean inner = step.join() == Join.INNER;
        if (step.form() == Delivery.Form.PART || step.form() == Delivery.Form.LIST_PART && step.via() == null) {
            Object key = keys.stream().findFirst().orElse(null);
            Object found = key == null ? null : lookUp(step, key);
            boolean nothing = found == null || inner && found instanceof List<?> list && list.isEmpty();
            return !nothing ? "Found " + found : inner ? null : "Absent " + key;
        }
        if (step.form() == Delivery.Form.EACH_PART) {
            List<String> each = keys.stream()
                    .map(key -> lookUp(step, key) == null ? "Absent " + key : "Found " + lookUp(step, key))
                    .toList();
            return inner && each.isEmpty() ? null : each.toString();
        }
        List<Object> all = found(step, root);
        String found = step.form() == Delivery.Form.LIST_PART ? "Found " + all : all.toString();
        return inner && all.isEmpty() ? null : found;
    }

    private @Nullable Object lookUp(Step step, Object key) {
        return lookUp(
                data.getOrDefault(step.source().name(), List.of()),
                step.source().grouped(),
                key);
    }

    private List<Object> found(Step step, Object root) {
        List<Object> found = new ArrayList<>();
        for (Object key : keys(step, root)) {
            Object one = lookUp(step, key);
            if (one instanceof List<?> list) {
                found.addAll(list);
            } else if (one != null) {
                found.add(one);
            }
        }
        return found;
    }

    private Set<Object> keys(Step step, Object root) {
        List<Object> origins = step.parent() < 0 ? List.of(root) : found(steps.get(step.parent()), root);
        Set<Object> keys = new LinkedHashSet<>();
        boolean parentIsList = step.parent() >= 0 && steps.get(step.parent()).isList();
        for (Object origin : origins) {
            List<?> elements = step.via() == null || parentIsList ? List.of(origin) : ((Node) origin).refs();
            for (Object element : elements) {
                Object one = element == null || step.key() == null
                        ? element
                        : step.key().apply(element);
                if (one != null) {
                    keys.add(one);
                }
            }
        }
        return keys;
    }

    /**
     * The fewest calls, if all that is asked at one time is answered at the next: at each time, each source is asked for the
     * keys that are known by then and were not asked before, in as few batches as its limit allows. A source that is inline
     * answers at once.
     */
    Map<String, Integer> fewestCalls() {
        Map<String, Map<Object, Integer>> askedAt = new HashMap<>();
        Map<Integer, Integer> knownAt = new HashMap<>();
        for (int time = 0; knownAt.size() < steps.size(); time++) {
            for (Step step : steps) { // parents come first
                int ready = step.parent() < 0 ? 0 : knownAt.getOrDefault(step.parent(), Integer.MAX_VALUE);
                if (ready == time) {
                    knownAt.put(
                            step.index(),
                            ask(
                                    step,
                                    time,
                                    askedAt.computeIfAbsent(step.source().name(), any -> new HashMap<>())));
                }
            }
        }
        Map<String, Integer> calls = new HashMap<>();
        askedAt.forEach((source, times) -> new HashSet<>(times.values()).forEach(time -> {
            int keys = Collections.frequency(times.values(), time);
            int batch = definition(source).maxBatch();
            calls.merge(source, (keys + batch - 1) / batch, Integer::sum);
        }));
        return calls;
    }

    /** Asks for the keys of a step that have not been asked for; gives the time at which all are known. */
    private int ask(Step step, int time, Map<Object, Integer> askedAt) {
        int known = time;
        for (Object root : roots) {
            for (Object key : keys(step, root)) {
                askedAt.putIfAbsent(key, time);
                known = Math.max(
                        known, askedAt.getOrDefault(key, time) + (step.source().inline() ? 0 : 1));
            }
        }
        return known;
    }

    private SourceDefinition definition(String source) {
        return sources.stream()
                .filter(one -> one.name().equals(source))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return steps.stream()
                .map(step -> "%s <- %s of %d, %s"
                        .formatted(step.component(), step.source().name(), step.parent(), step.form()))
                .collect(Collectors.joining("; "));
    }
}
