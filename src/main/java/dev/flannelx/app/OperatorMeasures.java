package dev.flannelx.app;

import dev.flannelx.metrics.NetworkFigures;
import dev.flannelx.metrics.OperatorMetrics;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.OperatorObserver;
import dev.flannelx.reconcile.operator.SubnetFigures;

/** Has measured what an operator does. */
record OperatorMeasures(OperatorMetrics metrics) implements OperatorObserver {
    @Override
    public void leading(boolean leads) {
        metrics.leading(leads);
    }

    @Override
    public void reported(String network, NetworkReport report) {
        SubnetFigures subnets = report.subnets();
        metrics.network(
                network,
                new NetworkFigures(
                        subnets == null ? 0 : subnets.allocated(),
                        subnets == null ? SubnetFigures.MANY : subnets.capacity(),
                        report.total(),
                        report.ready(),
                        report.updated(),
                        !report.haltedBecause().isEmpty()));
    }

    @Override
    public void gone(String network) {
        metrics.gone(network);
    }
}
