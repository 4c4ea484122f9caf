package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Analysis;
import dev.freehold.composition.Consistency;
import dev.freehold.composition.Page;
import dev.freehold.composition.http.ConsistencyHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Keeps a page that is not complete out of caches, says if it may lack what the request's token stands for, and tells how a page was made, if the request asks for it, as Server-Timing,
 * which browsers show.
 */
@RestControllerAdvice
final class PageAdvice implements ResponseBodyAdvice<Object> {

    private static final String SERVER_TIMING = "Server-Timing";

    private final String analyzeHeader;

    PageAdvice(String analyzeHeader) {
        this.analyzeHeader = analyzeHeader;
    }

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true; // the page may be in a ResponseEntity
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof Page<?> page) {
            if (!page.isComplete() || page.stale()) {
                response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
            }
            if (page.stale() && Consistency.current().token().isPresent()) {
                response.getHeaders().set(ConsistencyHeader.STALE, "true");
            }
            if (!analyzeHeader.isEmpty() && request.getHeaders().containsHeader(analyzeHeader)) {
                response.getHeaders().set(SERVER_TIMING, timing(page.analysis()));
            }
        }
        return body;
    }

    private static String timing(Analysis analysis) {
        List<String> entries = new ArrayList<>();
        entries.add(entry("total", analysis.used(), analysis.complete() ? "complete" : "incomplete"));
        entries.add(entry("overhead", analysis.overhead(), ""));
        Analysis.RootLine root = analysis.root();
        if (root != null) {
            entries.add(entry("root", root.time(), root.source() + " " + root.rows() + " rows"));
        }
        for (Analysis.Line line : analysis.steps()) {
            String failures =
                    line.failures().isEmpty() ? "" : " " + line.failures().keySet();
            String desc = "%s %d keys %d asked %d calls%s"
                    .formatted(line.source(), line.keys(), line.asked(), line.calls(), failures);
            entries.add(entry(line.component(), line.time(), desc));
        }
        return String.join(", ", entries);
    }

    private static String entry(String name, Duration duration, String desc) {
        String millis = String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
        return "%s;dur=%s%s".formatted(name, millis, desc.isEmpty() ? "" : ";desc=\"%s\"".formatted(desc));
    }
}
