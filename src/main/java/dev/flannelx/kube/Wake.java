package dev.flannelx.kube;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** Hears events and passes on that there was one: what it was is read from the cache. */
record Wake<T>(Runnable wake) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T resource) {
        wake.run();
    }

    @Override
    public void onUpdate(T before, T after) {
        wake.run();
    }

    @Override
    public void onDelete(T resource, boolean finalStateUnknown) {
        wake.run();
    }

    /** The first list was empty. */
    @Override
    public void onNothing() {
        wake.run();
    }
}
