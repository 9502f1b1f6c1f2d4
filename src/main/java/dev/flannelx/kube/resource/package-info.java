/** The resources of {@code flannelx.dev/v1alpha1} as classes, from which the CRDs under {@code k8s/base/crds} are made. */
@NullMarked
package dev.flannelx.kube.resource;

import org.jspecify.annotations.NullMarked;
