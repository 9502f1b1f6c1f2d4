package dev.flannelx.kube.fault;

import dev.flannelx.kube.fault.Faults.OfRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.parsetools.RecordParser;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/** Stands between clients and an API server, and lets things go wrong on the way. */
public final class FaultProxy implements AutoCloseable {
    private static final int LARGEST_EVENT = 4 << 20;
    /** Those that concern one connection only. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "Host",
            "Connection",
            "Upgrade",
            "Content-Length",
            "Transfer-Encoding",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Accept");

    private static final class Loop {
        private static final Vertx VERTX =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    }

    private final String apiServer;
    private final Tap tap;
    private final HttpClient client;
    private final WebSocketClient webSockets;
    private final HttpServer server;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Answer> remembered = new ConcurrentHashMap<>();
    private volatile Faults faults;

    private record Answer(int status, MultiMap headers, Buffer body) {}

    /**
     * One that listens on loopback, without TLS.
     *
     * @param apiServer its URL
     */
    public FaultProxy(String apiServer, Faults faults) {
        this(apiServer, faults, Tap.NONE);
    }

    /** @param tap called by one thread; must return at once */
    public FaultProxy(String apiServer, Faults faults, Tap tap) {
        this.apiServer = apiServer;
        this.tap = tap;
        this.faults = faults;
        client = Loop.VERTX.createHttpClient(
                new HttpClientOptions().setTrustAll(true).setVerifyHost(false).setMaxPoolSize(1000));
        webSockets = Loop.VERTX.createWebSocketClient(new WebSocketClientOptions()
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxConnections(1000)
                .setMaxFrameSize(LARGEST_EVENT)
                .setMaxMessageSize(LARGEST_EVENT));
        server = Loop.VERTX
                .createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setMaxWebSocketFrameSize(LARGEST_EVENT)
                        .setMaxWebSocketMessageSize(LARGEST_EVENT))
                .connectionHandler(this::keep)
                .requestHandler(this::hear)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** From now on, of running watches too. */
    public void faults(Faults faults) {
        this.faults = faults;
    }

    /** Ends every connection that there is. */
    public void cut() {
        connections.forEach(HttpConnection::close);
    }

    @Override
    public void close() {
        cut();
        server.close().toCompletionStage().toCompletableFuture().join();
        webSockets.close();
        client.close();
    }

    private void keep(HttpConnection connection) {
        connections.add(connection);
        connection.closeHandler(_ -> connections.remove(connection));
    }

    private void hear(HttpServerRequest request) {
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            request.pause();
            befall(request, Buffer.buffer());
        } else {
            request.body().onSuccess(body -> befall(request, body));
        }
    }

    private void befall(HttpServerRequest request, Buffer body) {
        switch (faults.request(request.method().name(), request.uri())) {
            case OfRequest.Pass() -> forward(request, body);
            case OfRequest.Delay(var delay) ->
                Loop.VERTX.setTimer(Math.max(1, delay.toMillis()), _ -> forward(request, body));
            case OfRequest.Refuse(int status, int retryAfterSeconds) -> refuse(request, status, retryAfterSeconds);
            case OfRequest.Cut() -> request.connection().close();
            case OfRequest.LoseAnswer() -> {
                if (isWatch(request)) {
                    request.connection().close();
                } else {
                    ask(request, body, _ -> request.connection().close());
                }
            }
            case OfRequest.Swallow() -> {}
            case OfRequest.Remember() -> {
                Answer answer = remembered.get(request.uri());
                if (answer == null) {
                    forward(request, body);
                } else {
                    answer(request, answer);
                }
            }
        }
    }

    private static void refuse(HttpServerRequest request, int status, int retryAfterSeconds) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Retry-After", String.valueOf(retryAfterSeconds))
                .end("""
                        {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": %d,
                         "message": "a fault was injected", "details": {"retryAfterSeconds": %d}}""".formatted(status, retryAfterSeconds));
    }

    private void forward(HttpServerRequest request, Buffer body) {
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            watchByWebSocket(request);
        } else if (isWatch(request)) {
            ask(request, body, response -> watch(request, response));
        } else {
            ask(
                    request,
                    body,
                    response -> response.body().onSuccess(read -> {
                        var answer = new Answer(response.statusCode(), endToEnd(response.headers()), read);
                        if (request.uri().contains("resourceVersion=0")) {
                            remembered.put(request.uri(), answer);
                        }
                        answer(request, answer);
                    }));
        }
    }

    private static void answer(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response().setStatusCode(answer.status());
        response.headers().addAll(answer.headers());
        response.end(answer.body());
    }

    private void ask(HttpServerRequest request, Buffer body, Handler<HttpClientResponse> then) {
        IntConsumer answered = tap.asked(request.method().name(), request.uri(), body.toString());
        client.request(new RequestOptions()
                        .setMethod(request.method())
                        .setAbsoluteURI(apiServer + request.uri())
                        .setHeaders(endToEnd(request.headers())))
                .compose(asked -> asked.send(body))
                .onSuccess(response -> {
                    answered.accept(response.statusCode());
                    then.handle(response);
                })
                .onFailure(_ -> {
                    answered.accept(Tap.NO_ANSWER);
                    request.connection().close();
                });
    }

    private void watch(HttpServerRequest request, HttpClientResponse upstream) {
        HttpServerResponse response =
                request.response().setStatusCode(upstream.statusCode()).setChunked(true);
        response.headers().addAll(endToEnd(upstream.headers()));
        var filter = new EventFilter(() -> faults, new WatchSink.OverHttp(request));
        upstream.handler(RecordParser.newDelimited("\n", line -> filter.hear(line.toString())));
        upstream.endHandler(_ -> filter.end());
        upstream.exceptionHandler(_ -> request.connection().close());
        response.closeHandler(_ -> upstream.request().reset());
    }

    private void watchByWebSocket(HttpServerRequest request) {
        MultiMap headers = endToEnd(request.headers());
        webSockets
                .connect(new WebSocketConnectOptions()
                        .setAbsoluteURI(apiServer.replaceFirst("^http", "ws") + request.uri())
                        .setHeaders(headers))
                .onSuccess(upstream -> bridge(upstream, request))
                .onFailure(e -> {
                    if (e instanceof UpgradeRejectedException rejected) {
                        answer(
                                request,
                                new Answer(rejected.getStatus(), endToEnd(rejected.getHeaders()), rejected.getBody()));
                    } else {
                        request.connection().close();
                    }
                });
    }

    private void bridge(WebSocket upstream, HttpServerRequest request) {
        Future<ServerWebSocket> downstream = request.toWebSocket();
        var filter = new EventFilter(() -> faults, new WatchSink.OverWebSocket(downstream, request.connection()));
        upstream.textMessageHandler(filter::hear);
        upstream.closeHandler(_ -> filter.end());
        downstream.onSuccess(open -> open.closeHandler(_ -> upstream.close())).onFailure(_ -> upstream.close());
    }

    private static boolean isWatch(HttpServerRequest request) {
        return request.uri().contains("watch=true");
    }

    private static MultiMap endToEnd(MultiMap headers) {
        MultiMap copy = MultiMap.caseInsensitiveMultiMap().addAll(headers);
        HOP_BY_HOP.forEach(copy::remove);
        return copy;
    }
}
