// SPDX-License-Identifier: Apache-2.0
// The right name for something that is far too small to be a descriptor.
extern "C" __attribute__((visibility("default"))) const int kms_secretd_plugin = 1;
