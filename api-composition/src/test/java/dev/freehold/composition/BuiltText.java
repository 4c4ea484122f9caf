package dev.freehold.composition;

import java.util.stream.Collectors;

/** Writes a class that gives the same to a builder, and whose record says nothing. */
final class BuiltText {

    private BuiltText() {}

    static String of(GeneratedService service) {
        return """
                %s
                public class Built%d {
                    public record View%d(Node root, %s) {}

                    public static void declare(CompositionsBuilder builder) {
                        builder%s%s%s
                            .view(ViewSpec.of(View%d.class)
                                .budget(Duration.ofSeconds(45))
                                .root("root"%s)%s
                                .maxStages(12));
                    }
                }
                """.formatted(
                        AnnotatedText.HEAD,
                        service.seed(),
                        service.seed(),
                        service.components().stream()
                                .map(component -> component.type() + " " + component.name())
                                .collect(Collectors.joining(", ")),
                        service.isRooted() ? rootSpec(service) : "",
                        service.isFiltered() ? keySpec(service) : "",
                        service.sources().stream().map(BuiltText::spec).collect(Collectors.joining()),
                        service.seed(),
                        service.isRooted() ? ", \"roots\"" : "",
                        service.components().stream().map(BuiltText::said).collect(Collectors.joining()));
    }

    private static String rootSpec(GeneratedService service) {
        String lambda = service.isFiltered()
                ? "wanted -> Nodes.%s(\"roots%d\", wanted.filter(), wanted.keys(\"ref\", Long.class), wanted.at(), wanted.limit())"
                : "(filter, at, limit) -> Nodes.%s(\"roots%d\", filter, null, at, limit)";
        return """

                .rootSource(RootSourceSpec.%s("roots", Node.class, Filter.class, %s)
                    .sort("id desc").filters("atLeast").hedgeAfter("10s").heedsToken().uninterruptible()%s)
                """.formatted(
                        service.isSliced() ? "slices" : "of",
                        lambda.formatted(service.isSliced() ? "slice" : "page", service.seed()),
                        service.isFiltered() ? ".semiJoin(\"ref\", Long.class)" : "");
    }

    private static String keySpec(GeneratedService service) {
        return """
                .keySource(KeySourceSpec.of("%s", Long.class, Long.class,
                    (owner, limit) -> Nodes.ids("%s", owner, limit)).maxKeys(77).heedsToken().uninterruptible())
                """.formatted(service.finder(), service.finder());
    }

    private static String spec(GeneratedService.OfSource source) {
        String parameters =
                source.shape().takesLimit() ? "(keys, limit, budget)" : source.budget() ? "(keys, budget)" : "keys";
        return """

                .source(SourceSpec.%s("%s", Long.class, Node.class, %s -> Nodes.%s("%s", keys%s))%s)
                """.formatted(
                source.shape().factory,
                source.name(),
                parameters,
                source.shape().function,
                source.name(),
                source.shape().takesLimit() ? ", limit" : "",
                source.options().stream().map(GeneratedService.Option::built).collect(Collectors.joining()));
    }

    private static String said(GeneratedService.OfView component) {
        String options =
                component.options().stream().map(GeneratedService.Option::built).collect(Collectors.joining());
        return """

                .%s("%s", "%s", %s"%s"%s)
                """.formatted(
                        component.isOne() ? "one" : component.via().isEmpty() ? "many" : "manyVia",
                        component.name(),
                        component.source().name(),
                        component.via().isEmpty() ? "" : "\"%s\", ".formatted(component.via()),
                        component.key(),
                        options.isEmpty() ? "" : ", with -> with" + options);
    }
}
