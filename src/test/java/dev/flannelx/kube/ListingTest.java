package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final Map<String, GenericKubernetesResourceList> pages =
            Map.of("second", page("third", "c", "d"), "third", page("", "e"));
    private final List<String> asked = new ArrayList<>();
    private final Listing listing = new Listing(page("second", "a", "b"), token -> {
        asked.add(token);
        return Objects.requireNonNull(pages.get(token));
    });

    @Test
    void goesThroughAllPages() {
        assertThat(listing)
                .extracting(resource -> resource.getMetadata().getName())
                .containsExactly("a", "b", "c", "d", "e");
        assertThat(asked).containsExactly("second", "third");
        assertThat(listing.version()).isEqualTo("42");
    }

    @Test
    void asksForAPageWhenThatIsReached() {
        Iterator<GenericKubernetesResource> resources = listing.iterator();
        resources.next();
        resources.next();
        assertThat(asked).isEmpty();
        resources.next();
        assertThat(asked).containsExactly("second");
    }

    @Test
    void isOverAfterAPageWithoutAToken() {
        assertThat(new Listing(page(null, "a"), token -> page("", "none"))).hasSize(1);
    }

    private static GenericKubernetesResourceList page(@Nullable String next, String... names) {
        var page = new GenericKubernetesResourceList();
        page.setMetadata(new ListMetaBuilder()
                .withResourceVersion("42")
                .withContinue(next)
                .build());
        page.setItems(Stream.of(names).map(ListingTest::resource).toList());
        return page;
    }

    private static GenericKubernetesResource resource(String name) {
        var resource = new GenericKubernetesResource();
        resource.setMetadata(new ObjectMetaBuilder().withName(name).build());
        return resource;
    }
}
