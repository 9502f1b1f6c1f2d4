package dev.flannelx.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flannelx.kube.fault.Tap;
import dev.flannelx.simulation.Operation.Answer;
import dev.flannelx.simulation.Operation.Claim;
import dev.flannelx.simulation.Operation.Freeing;
import java.net.HttpURLConnection;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records what one client does to leases.
 *
 * @param who it is
 */
record LeaseTap(String who, Recording recording) implements Tap {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern LEASES = Pattern.compile("/subnetleases(/(?<name>[^/?]+))?(\\?.*)?$");
    private static final int FIRST_REFUSAL = 300;

    @Override
    public IntConsumer asked(String method, String uri, String body) {
        Matcher leases = LEASES.matcher(uri);
        if (!leases.find()) {
            return _ -> {};
        }
        return switch (method) {
            case "POST", "PUT" -> claim(body);
            case "DELETE" -> freeing(SimulatedCluster.subnetOf(leases.group("name")));
            default -> _ -> {};
        };
    }

    private IntConsumer claim(String body) {
        JsonNode spec = spec(body);
        String node = spec.path("nodeName").asText();
        String subnet = spec.path("subnet").asText();
        Recording.Begun begun = recording.begin(new Claim(node, subnet, Answer.LOST));
        return status -> begun.ended(new Claim(node, subnet, answer(status)));
    }

    private IntConsumer freeing(String subnet) {
        Recording.Begun begun = recording.begin(new Freeing(who, subnet, true));
        return status -> begun.ended(new Freeing(who, subnet, status < FIRST_REFUSAL));
    }

    private static Answer answer(int status) {
        if (status == NO_ANSWER) {
            return Answer.LOST;
        }
        if (status < FIRST_REFUSAL) {
            return Answer.HELD;
        }
        return status == HttpURLConnection.HTTP_CONFLICT ? Answer.TAKEN : Answer.REFUSED;
    }

    private static JsonNode spec(String body) {
        try {
            return MAPPER.readTree(body).path("spec");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a lease is not JSON: " + body, e);
        }
    }
}
