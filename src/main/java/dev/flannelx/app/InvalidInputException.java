package dev.flannelx.app;

import java.util.List;

/** A person's input cannot be used; each problem names subject, value and what was wanted. */
final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidInputException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
