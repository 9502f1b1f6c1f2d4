package dev.flannelx.network;

import java.util.regex.Pattern;

/** The form that Kubernetes demands of most names: an RFC 1123 subdomain. No such name leads a file path astray. */
public final class DnsSubdomain {
    /** What the API server allows any object. */
    public static final int MAX_LENGTH = 253;

    private static final Pattern FORM =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private DnsSubdomain() {}

    /** Whether a text is one, of at most that many characters. */
    public static boolean matches(String text, int maxLength) {
        return text.length() <= maxLength && FORM.matcher(text).matches();
    }
}
