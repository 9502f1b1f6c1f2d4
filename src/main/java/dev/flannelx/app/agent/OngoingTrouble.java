package dev.flannelx.app.agent;

/** Trouble that is met again and again: told when it begins or becomes another, and when it is over. Thread-safe. */
final class OngoingTrouble {
    private String message = "";

    /** It was met; tells whether it is news. */
    synchronized boolean met(String newMessage) {
        boolean news = !newMessage.equals(message);
        message = newMessage;
        return news;
    }

    /** Nothing is out of the ordinary; tells whether something was. */
    synchronized boolean over() {
        boolean wasThere = !message.isEmpty();
        message = "";
        return wasThere;
    }
}
