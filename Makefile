# flannelx: what a person types. Each target finds or installs what it needs, or says what to install.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Not in one command: the status of what is exported would be lost.
FIND_JDK = JAVA_HOME="$$(src/provision/jdk.sh)"; export JAVA_HOME
MVN := mvn -B -ntp
JAR := target/quarkus-app/quarkus-run.jar

.PHONY: help lab cluster test native-check image image-native bench soak test-classpath package tools test-tools apiserver prometheus flanneld
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

tools:
	@src/provision/tools.sh ip bridge arp ping unshare nsenter mount ps

test-tools: tools
	@src/provision/tools.sh mvn script setpriv wg wireguard-go nft host-local

prometheus:
	@src/provision/tools.sh prometheus promtool

apiserver:
	@src/provision/apiserver.sh >/dev/null

package:
	@src/provision/tools.sh mvn
	@$(FIND_JDK); $(MVN) -q -DskipTests package

lab: tools package ## Build, and run flannel's documented vxlan example on three nodes
	@$(FIND_JDK); "$$JAVA_HOME/bin/java" -jar $(JAR) lab src/examples/vxlan.json

NODES := 3
FILE := src/examples/vxlan.yaml
cluster: tools package apiserver ## Build, and keep NODES nodes with network FILE and an API server up for kubectl, until Ctrl-C
	@$(FIND_JDK); "$$JAVA_HOME/bin/java" -jar $(JAR) cluster $(FILE) --nodes $(NODES) || test $$? = 130

test: test-tools apiserver prometheus ## Run all tests and checks
	@$(FIND_JDK); $(MVN) verify
	@$(MAKE) native-check

NATIVE := -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false
native-check: ## Check what a native image would be built of, without building one
	@src/provision/tools.sh mvn
	@$(FIND_JDK); $(MVN) -q -DskipTests package $(NATIVE) -Dquarkus.native.sources-only=true
	@$(FIND_JDK); $(MVN) -q surefire:test@default-test -Dtest=NativeSourcesCheck

IMAGE ?= flannelx:0.1.0
CONTAINERS = $(firstword $(foreach tool,docker podman buildah,$(if $(shell command -v $(tool)),$(tool))))
NO_CONTAINERS := no docker, podman or buildah is here to build an image with: install one of them
image: package ## Build the container image IMAGE, of a JVM
	@: $(or $(CONTAINERS),$(error $(NO_CONTAINERS)))
	$(CONTAINERS) build -f src/main/docker/Dockerfile.jvm -t $(IMAGE) .

image-native: ## Build the container image IMAGE, of a native program: by GraalVM's native-image, or in a container that has it
	@: $(or $(CONTAINERS),$(error $(NO_CONTAINERS)))
	@src/provision/tools.sh mvn
	@$(FIND_JDK); $(MVN) -q -DskipTests package $(NATIVE) \
		-Dquarkus.native.container-build=$(if $(shell command -v native-image),false,true)
	$(CONTAINERS) build -f src/main/docker/Dockerfile.native -t $(IMAGE) .

flanneld:
	@src/provision/flanneld.sh >/dev/null

TEST_JAVA = "$$JAVA_HOME/bin/java" -cp "target/test-classes:target/classes:$$(cat target/test-classpath)"
test-classpath: package
	@$(FIND_JDK); $(MVN) -q dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test-classpath

bench: tools apiserver test-classpath $(if $(filter flanneld,$(or $(BENCHES),flanneld)),flanneld) ## Measure, all or what BENCHES names
	@$(FIND_JDK); $(TEST_JAVA) dev.flannelx.bench.Benches $(BENCHES)

STEPS := 100000
soak: apiserver test-classpath ## Let everything go wrong at random for hours: STEPS of them, from SEED
	@$(FIND_JDK); $(TEST_JAVA) --enable-native-access=ALL-UNNAMED dev.flannelx.simulation.Soak $(STEPS) $(SEED)
