/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/rule.h"

static const struct {
    enum vl_err err;
    const char *name;
    const char *section;
    const char *words;
} rules[VL_RULE_COUNT] = {[VL_RULE_NONE] = {VL_OK, "none", "", ""},
#define X(code, err, name, section, words) [VL_RULE_##code] = {VL_ERR_##err, name, section, words},
                          VL_BUNDLE_RULE_TABLE(X)
#undef X
};

const char *vl_rule_name(enum vl_bundle_rule rule)
{
    return rules[rule].name;
}

const char *vl_rule_section(enum vl_bundle_rule rule)
{
    return rules[rule].section;
}

const char *vl_rule_words(enum vl_bundle_rule rule)
{
    return rules[rule].words;
}

enum vl_err vl_rule_err(enum vl_bundle_rule rule)
{
    return rules[rule].err;
}

enum vl_err vl_rule_fail(enum vl_bundle_rule rule, uint64_t at, struct vl_why *why)
{
    return vl_fail(why, rules[rule].err, "byte %llu: %s: %s", (unsigned long long)at,
                   rules[rule].section, rules[rule].words);
}
