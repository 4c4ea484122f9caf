package dev.freehold.outbox.autoconfigure;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.util.FileSystemUtils;

/** A servlet container with the filter of an application, on a port of its own. */
final class WebService implements AutoCloseable {

    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path directory;
    private final Tomcat tomcat = new Tomcat();

    /** What a path does. */
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    WebService(FilterRegistrationBean<?> filter) {
        try {
            directory = Files.createTempDirectory("tomcat");
            tomcat.setBaseDir(directory.toString());
            tomcat.setHostname("localhost");
            tomcat.setPort(0);
            tomcat.getConnector();
            Context context = tomcat.addContext("", directory.toString());
            context.addServletContainerInitializer(
                    (classes, servlets) -> {
                        filter.onStartup(servlets);
                        var servlet = servlets.addServlet("handlers", new Handlers());
                        servlet.addMapping("/");
                        servlet.setAsyncSupported(true);
                    },
                    Set.of());
            tomcat.start();
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    void on(String path, Handler handler) {
        handlers.put(path, handler);
    }

    /** The answer to a request with these headers, names and values by turns. */
    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + path));
        for (int n = 0; n < headers.length; n += 2) {
            request.header(headers[n], headers[n + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Handlers extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Handler handler = handlers.get(request.getRequestURI());
            if (handler == null) {
                response.sendError(404);
            } else {
                handler.handle(request, response);
            }
        }
    }
}
