package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a class whose methods are sources, and whose record is a view: as users write it, to be compiled. */
final class AnnotatedText {

    static final String HEAD = """
            package generated;

            import dev.freehold.composition.*;
            import dev.freehold.composition.Nodes.*;
            import java.time.Duration;
            import java.util.*;
            """;

    private AnnotatedText() {}

    static String of(GeneratedService service) {
        String methods = service.sources().stream().map(AnnotatedText::method).collect(Collectors.joining());
        return """
                %s
                public class Annotated%d {
                    public static class Sources {
                %s%s%s
                    }

                    @ComposedView(%smaxStages = 12, budget = "45s")
                    public record View%d(@Root Node root, %s) {}
                }
                """.formatted(
                HEAD,
                service.seed(),
                service.isRooted() ? rootMethod(service) : "",
                service.isFiltered() ? keyMethod(service) : "",
                methods,
                service.isRooted() ? "root = \"roots\", " : "",
                service.seed(),
                service.components().stream().map(AnnotatedText::annotation).collect(Collectors.joining(", ")));
    }

    private static String rootMethod(GeneratedService service) {
        String semiJoin = service.isFiltered() ? "@SemiJoin(\"ref\") Set<Long> refs, " : "";
        return """
                @RootSource(name = "roots", sort = "id desc", filters = "atLeast", hedgeAfter = "10s", heedsToken = true, uninterruptible = true)
                public %s<Node> roots(Filter filter, %sKeyset at, int limit) {
                    return Nodes.%s("roots%d", filter, %s, at, limit);
                }
                """.formatted(
                        service.isSliced() ? "Slice" : "List",
                        semiJoin,
                        service.isSliced() ? "slice" : "page",
                        service.seed(),
                        service.isFiltered() ? "refs" : "null");
    }

    private static String keyMethod(GeneratedService service) {
        return """
                @KeySource(source = "%s", maxKeys = 77, heedsToken = true, uninterruptible = true)
                public Set<Long> owned(Long owner, int limit) { return Nodes.ids("%s", owner, limit); }
                """.formatted(service.finder(), service.finder());
    }

    private static String method(GeneratedService.OfSource source) {
        String options = source.options().stream()
                .map(GeneratedService.Option::annotated)
                .collect(Collectors.joining(", "));
        return """
                @Source(name = "%s"%s)
                public %s %s(%s keys%s%s) throws Exception { return Nodes.%s("%s", keys%s); }
                """.formatted(
                        source.name(),
                        options.isEmpty() ? "" : ", " + options,
                        source.shape().answer,
                        source.name(),
                        source.shape().isBatch() ? "Set<Long>" : "Long",
                        source.shape().takesLimit() ? ", int limit" : "",
                        source.budget() ? ", Budget budget" : "",
                        source.shape().function,
                        source.name(),
                        source.shape().takesLimit() ? ", limit" : "");
    }

    private static String annotation(GeneratedService.OfView component) {
        List<String> said = new ArrayList<>(
                List.of("source = \"%s\"".formatted(component.source().name())));
        said.add("key = \"%s\"".formatted(component.key()));
        if (!component.via().isEmpty()) {
            said.add("via = \"%s\"".formatted(component.via()));
        }
        component.options().forEach(option -> said.add(option.annotated()));
        return "@%s(%s) %s %s"
                .formatted(
                        component.isOne() ? "One" : "Many",
                        String.join(", ", said),
                        component.type(),
                        component.name());
    }
}
