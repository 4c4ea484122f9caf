package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sources and one view at random: what is said of them, in the words of either door ({@link AnnotatedText}, {@link BuiltText}). */
final class GeneratedService {

    /** What a source is: the name of its factory, what it returns, and what answers. */
    enum Shape {
        ONE("one", "Node", "one", false),
        MANY("many", "List<Node>", "many", true),
        BATCH("batch", "List<Node>", "byId", false),
        GROUPS("batch", "List<Node>", "byOwner", true),
        SOME_OF_GROUPS("batch", "List<Node>", "byOwner", true),
        MAP("batchMap", "Map<Long, Node>", "mapById", false),
        LISTS("batchLists", "Map<Long, List<Node>>", "listsByOwner", true),
        SOME_OF_LISTS("batchLists", "Map<Long, List<Node>>", "listsByOwner", true);

        final String factory;
        final String answer;
        final String function;
        final boolean grouped;

        Shape(String factory, String answer, String function, boolean grouped) {
            this.factory = factory;
            this.answer = answer;
            this.function = function;
            this.grouped = grouped;
        }

        boolean isBatch() {
            return this != ONE && this != MANY;
        }

        boolean takesLimit() {
            return this == SOME_OF_GROUPS || this == SOME_OF_LISTS;
        }
    }

    /** What is said beside, in both words. */
    record Option(String annotated, String built) {

        static Option of(String name, Object value) {
            return new Option(name + " = " + value, ".%s(%s)".formatted(name, value));
        }
    }

    /**
     * A source.
     *
     * @param name also that of its data
     * @param shape what it is
     * @param budget whether it wants to know how much time is left
     * @param options of it
     */
    record OfSource(String name, Shape shape, boolean budget, List<Option> options) {}

    /**
     * A component of the view.
     *
     * @param name of the component
     * @param type of it
     * @param source that it comes from
     * @param via path of the collection that has its keys; empty: there is one key
     * @param key path of its key
     * @param options of it
     */
    record OfView(String name, String type, OfSource source, String via, String key, List<Option> options) {

        boolean isOne() {
            return !source.shape().grouped && via.isEmpty();
        }
    }

    private final Random random;
    private final int seed;
    private final boolean rooted;
    private final boolean sliced;
    private final List<OfSource> sources = new ArrayList<>();
    private final List<OfView> components = new ArrayList<>();
    private String finder = "";

    GeneratedService(int seed) {
        this.seed = seed;
        random = new Random(seed);
        rooted = oneIn(4, 5);
        sliced = oneIn(1, 2);
        String weakness = List.of("", "Gaps", "Away", "Twice").get(random.nextInt(4));
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            sources.add(source("source%d%s".formatted(i, i == 0 ? weakness : "")));
        }
        int wanted = 2 + random.nextInt(5);
        for (int i = 0; i < wanted; i++) {
            components.add(component("c" + i));
        }
    }

    private boolean oneIn(int some, int all) {
        return random.nextInt(all) < some;
    }

    int seed() {
        return seed;
    }

    String viewName() {
        return "View" + seed;
    }

    /** Whether it has a root source; else its roots are there. */
    boolean isRooted() {
        return rooted;
    }

    /** Whether that answers with slices. */
    boolean isSliced() {
        return sliced;
    }

    /** Whether its view is filtered by what a source knows. */
    boolean isFiltered() {
        return !finder.isEmpty();
    }

    /** The source that it is filtered by. */
    String finder() {
        return finder;
    }

    List<OfSource> sources() {
        return List.copyOf(sources);
    }

    List<OfView> components() {
        return List.copyOf(components);
    }

    // ---- what there is

    private OfSource source(String name) {
        Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
        List<Option> options = new ArrayList<>();
        if (shape == Shape.BATCH) {
            options.add(Option.of("id", "\"id\""));
        } else if (shape == Shape.GROUPS || shape == Shape.SOME_OF_GROUPS) {
            options.add(Option.of("groupBy", "\"owner\""));
        }
        if (oneIn(1, 2)) {
            options.add(Option.of("maxBatch", 1 + random.nextInt(12)));
        }
        if (oneIn(1, 3)) {
            options.add(Option.of("maxRows", 500 + random.nextInt(500)));
        }
        if (oneIn(1, 4)) {
            options.add(new Option("maxUrlBytes = 200", ".maxUrlBytes(200, \"keys\")"));
        }
        switch (random.nextInt(5)) {
            case 0 -> options.add(new Option("inline = true", ".inline()"));
            case 1 -> options.add(Option.of("hedgeAfter", oneIn(1, 2) ? "\"p95\"" : "\"10s\""));
            case 2, 3 -> options.addAll(shape.takesLimit() ? List.of() : cache());
            default -> options.add(new Option("forEverybody = true", ".forEverybody()"));
        }
        if (oneIn(1, 4)) {
            options.add(new Option("heedsToken = true", ".heedsToken()"));
        }
        if (oneIn(1, 4)) {
            options.add(new Option("uninterruptible = true", ".uninterruptible()"));
        }
        return new OfSource(name, shape, shape.takesLimit() || oneIn(1, 2), options);
    }

    private List<Option> cache() {
        List<Option> options = new ArrayList<>(
                List.of(Option.of("cache", "\"answers\""), new Option("forEverybody = true", ".forEverybody()")));
        if (oneIn(1, 2)) {
            options.add(new Option("freshFor = \"1m\"", ".freshFor(Duration.ofMinutes(1))"));
            options.add(new Option("staleFor = \"1h\"", ".staleFor(Duration.ofHours(1))"));
            options.add(new Option("absentFor = \"1500ms\"", ".absentFor(Duration.ofMillis(1500))"));
        }
        return options;
    }

    private OfView component(String name) {
        OfSource source = sources.get(random.nextInt(sources.size()));
        int from = random.nextInt(components.size() + 1) - 1;
        String parent = from < 0 || oneIn(1, 2) ? "root" : components.get(from).name();
        boolean fromList = !parent.equals("root") && !components.get(from).isOne();
        String property = oneIn(1, 2) ? "ref" : "owner";
        boolean elements = oneIn(1, 3);
        String via = fromList ? parent : elements ? parent + ".refs" : "";
        String key = fromList ? property : elements ? "" : parent + "." + property;
        List<Option> options = new ArrayList<>();
        String type = type(source.shape().grouped, via, options);
        if (type.equals("Node") || oneIn(1, 6)) {
            options.add(new Option("join = Join.INNER", ".join(Join.INNER)"));
        }
        boolean one = !source.shape().grouped && via.isEmpty();
        if (rooted && finder.isEmpty() && one && key.equals("root.ref")) {
            options.add(Option.of("filter", "\"owner\""));
            finder = source.name();
        }
        return new OfView(name, type, source, via, key, options);
    }

    private String type(boolean grouped, String via, List<Option> options) {
        String row = oneIn(1, 3) ? "Ref" : "Node";
        if (!grouped && via.isEmpty()) {
            return oneIn(1, 5) ? "Node" : "Part<%s>".formatted(row);
        }
        String list = "List<%s>".formatted(row);
        if (oneIn(1, 3)) {
            options.add(Option.of("limit", 1 + random.nextInt(4)));
            list = "Slice<%s>".formatted(row);
        } else if (!grouped && oneIn(1, 2)) {
            return "List<Part<%s>>".formatted(row);
        }
        return oneIn(2, 3) ? "Part<%s>".formatted(list) : list;
    }
}
