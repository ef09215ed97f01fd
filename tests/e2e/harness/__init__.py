# SPDX-License-Identifier: Apache-2.0
"""The end-to-end harness: real peers on loopback, each with its own ports, files and logs."""
