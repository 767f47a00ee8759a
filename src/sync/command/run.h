// SPDX-License-Identifier: Apache-2.0
// A sync from configuration to summary, in any environment.
#pragma once

#include <functional>
#include <memory>

#include "base/environment.h"
#include "config/config.h"
#include "parsers/parser_pool.h"
#include "report/reporter.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

// Makes what reads files in the mode local.
using ParserFactory =
    std::function<std::unique_ptr<parsers::DocumentParser>(EventLoop&, parsers::ParserSettings)>;
// Parsers in processes of their own.
std::unique_ptr<parsers::DocumentParser> MakeParserPool(EventLoop& loop,
                                                        parsers::ParserSettings settings);

// Runs one sync from the lock to the record of runs, which `status` shows. Does not print the
// summary.
report::RunSummary RunSync(Environment& environment, const config::Config& config,
                           const RunOptions& options, report::Reporter& reporter,
                           const ParserFactory& make_parser = MakeParserPool);

}  // namespace dbxes::sync
