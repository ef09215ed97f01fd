// SPDX-License-Identifier: Apache-2.0
// A library, but no plugin.
extern "C" __attribute__((visibility("default"))) int kms_secretd_something_else() { return 1; }
