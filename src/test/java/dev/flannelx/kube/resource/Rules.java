package dev.flannelx.kube.resource;

import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;

/** CEL that holds several fields of the resources to their meaning. */
final class Rules {
    private Rules() {}

    static ValidationRule rule(String expression, String message) {
        return new ValidationRuleBuilder()
                .withRule(expression)
                .withMessage(message)
                .build();
    }

    /** A rule whose message is CEL too, so that it can name the value. */
    static ValidationRule telling(String expression, String message, String messageExpression) {
        return new ValidationRuleBuilder()
                .withRule(expression)
                .withMessage(message)
                .withMessageExpression(messageExpression)
                .build();
    }

    /** At the level of the object that has the field, so that it cannot be dropped or added either. */
    static ValidationRule immutable(String field) {
        return rule(
                "has(self.%1$s) == has(oldSelf.%1$s) && (!has(self.%1$s) || self.%1$s == oldSelf.%1$s)"
                        .formatted(field),
                field + " is immutable, and is neither added nor dropped later");
    }

    static ValidationRule address(int family) {
        return rule("isIP(self) && ip(self).family() == " + family, "want an IPv" + family + " address");
    }

    static ValidationRule canonicalAddress(int family) {
        return rule(
                "isIP(self) && ip(self).family() == %d && string(ip(self)) == self".formatted(family),
                "want an IPv%d address in its canonical form".formatted(family));
    }
}
