package dev.flannelx.kube.fault;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

/** The client's end of a watch. */
interface WatchSink {
    void send(String event);

    /** Ends the watch in good order. */
    void end();

    /** Ends the connection. */
    void cut();

    /** A line for each event, in an answer that began well. */
    record OverHttp(HttpServerRequest request) implements WatchSink {
        @Override
        public void send(String event) {
            request.response().write(event + "\n");
        }

        @Override
        public void end() {
            request.response().end();
        }

        @Override
        public void cut() {
            request.connection().close();
        }
    }

    /** A message for each event. What comes before the client's end stands is sent when it does. */
    record OverWebSocket(Future<ServerWebSocket> socket, HttpConnection connection) implements WatchSink {
        @Override
        public void send(String event) {
            socket.onSuccess(open -> {
                if (!open.isClosed()) {
                    open.writeTextMessage(event);
                }
            });
        }

        @Override
        public void end() {
            socket.onSuccess(ServerWebSocket::close);
        }

        @Override
        public void cut() {
            connection.close();
        }
    }
}
