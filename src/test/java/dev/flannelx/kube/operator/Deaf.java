package dev.flannelx.kube.operator;

/** Minds no change: who asks the caches themselves needs to hear of none. */
final class Deaf implements Caches.Listener {
    @Override
    public void networkChanged(String name) {}

    @Override
    public void nodeChanged(String name) {}

    @Override
    public void leasesChanged() {}

    @Override
    public void synced() {}
}
