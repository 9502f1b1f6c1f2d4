package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped roles grant, and what they do not. */
class RolesIT {
    @ParameterizedTest
    @CsvSource({
        "agent, yes, list flannelnetworks",
        "agent, no, update flannelnetworks",
        "agent, no, update flannelnetworks --subresource=status",
        "agent, yes, create subnetleases",
        "agent, yes, update subnetleases",
        "agent, yes, delete subnetleases",
        "agent, no, deletecollection subnetleases",
        "agent, yes, create flannelnodes",
        "agent, no, update flannelnodes",
        "agent, no, patch flannelnodes",
        "agent, no, delete flannelnodes",
        "agent, yes, update flannelnodes --subresource=status",
        "agent, yes, watch nodes",
        "agent, no, patch nodes",
        "agent, no, patch nodes --subresource=status",
        "agent, yes, get customresourcedefinitions/subnetleases.flannelx.dev",
        "agent, no, get customresourcedefinitions/others.example.com",
        "agent, yes, create events.events.k8s.io",
        "agent, no, get secrets",
        "agent, no, create pods",
        "agent, no, create serviceaccounts --subresource=token",
        "operator, yes, update flannelnetworks",
        "operator, yes, update flannelnetworks --subresource=status",
        "operator, no, create flannelnetworks",
        "operator, no, delete flannelnetworks",
        "operator, no, create subnetleases",
        "operator, yes, delete subnetleases",
        "operator, yes, update flannelnodes",
        "operator, no, update flannelnodes --subresource=status",
        "operator, yes, patch nodes --subresource=status",
        "operator, no, patch nodes",
        "operator, no, get secrets",
        "operator, yes, update leases.coordination.k8s.io/flannelx-operator --namespace=flannelx-system",
        "operator, no, patch leases.coordination.k8s.io/flannelx-operator --namespace=flannelx-system",
        "operator, no, update leases.coordination.k8s.io/others --namespace=flannelx-system"
    })
    void aServiceAccountMay(String account, String answer, String what) throws IOException {
        var question = new ArrayList<>(List.of("auth", "can-i", "--namespace=default"));
        question.addAll(List.of(what.split(" ", -1)));
        question.add("--as=system:serviceaccount:flannelx-system:flannelx-" + account);

        assertThat(ApiServer.shared().kubectl(question.toArray(String[]::new)).stdout())
                .isEqualToIgnoringNewLines(answer);
    }
}
