// SPDX-License-Identifier: Apache-2.0
#include <CppUTest/CommandLineTestRunner.h>
#include <CppUTest/MemoryLeakWarningPlugin.h>

// The exit code of RUN_ALL_TESTS is the number of failures and wraps at 256: map it to 0 or 1.
int main(int argc, char** argv) {
  MemoryLeakWarningPlugin::turnOffNewDeleteOverloads();
  return RUN_ALL_TESTS(argc, argv) == 0 ? 0 : 1;
}
