package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What there was at one version, page by page: the next one is asked for when somebody goes through this that far, so
 * that few are in memory at once.
 */
final class Listing implements Iterable<GenericKubernetesResource> {
    private final GenericKubernetesResourceList first;
    private final Function<String, GenericKubernetesResourceList> pages;

    /** @param pages gives the page that a token stands for */
    Listing(GenericKubernetesResourceList first, Function<String, GenericKubernetesResourceList> pages) {
        this.first = first;
        this.pages = pages;
    }

    String version() {
        return first.getMetadata().getResourceVersion();
    }

    @Override
    public Iterator<GenericKubernetesResource> iterator() {
        return Stream.iterate(Optional.of(first), Optional::isPresent, page -> page.flatMap(this::after))
                .flatMap(page -> page.orElseThrow().getItems().stream())
                .iterator();
    }

    private Optional<GenericKubernetesResourceList> after(GenericKubernetesResourceList page) {
        return Optional.ofNullable(page.getMetadata().getContinue())
                .filter(token -> !token.isEmpty())
                .map(pages);
    }
}
