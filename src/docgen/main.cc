// SPDX-License-Identifier: Apache-2.0
// Fills the placeholders of one file: docgen INPUT OUTPUT. It runs while dbx-es is built; the lists
// of files are in man/meson.build and completions/meson.build. A placeholder of a block is alone on
// its line; the others may be anywhere. COMMAND is the name of a command, SECTION of a section of
// dbx-es.toml. Items belong between .Bl -tag and .El, which the file has.
//
// In man/*.in:
//   @date@                  date of the version, for .Dd; may be within a line
//   @brief COMMAND@         the command in one line, for .Nd; may be within a line
//   @synopsis COMMAND@      block: the lines of SYNOPSIS
//   @description COMMAND@   block: the paragraph that --help shows
//   @arguments COMMAND@     items: its arguments
//   @flags COMMAND@         items: its own flags
//   @program-flags@         items: the flags of every command that are no settings
//   @setting-flags@         items: the flags of every command that override a setting
//   @commands@              items: all commands
//   @settings SECTION@      items: the settings of a section
//   @exit-codes@            items: exit codes
//   @counters@              items: the counters of the JSON summary
//   @answers@               items: what answers of Dropbox mean on every route
//   @consequences@          items: what they mean for the thing that was asked about
//   @listed-failures@       how many failed documents the JSON summary lists; within a line
//
// In completions/*.in:
//   @command-names@         names of all commands; within a line
//   @flag-names@            names of the flags of every command; within a line
//   @bash-values@           block: cases "COMMAND FLAG" that set what the flag's value may be
//   @bash-arguments@        block: the same for "COMMAND NUMBER", the number of an argument
//   @bash-flags@            block: cases COMMAND that add its own flags
//   @zsh-flags@             block: specifications of the flags of every command, for _arguments
//   @zsh-commands@          block: names and descriptions, for _describe
//   @zsh-cases@             block: cases COMMAND that add its flags and arguments
//   @fish-taking@           names of the flags of every command that take a value; within a line
//   @fish-taking-cases@     block: cases COMMAND with its own flags that take a value
//   @fish-completions@      block: calls of complete
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "docgen/placeholders.h"

namespace dbxes::docgen {
namespace {

Result<std::string> ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file) return text;
  return Fail(ErrorKind::kNotFound, "cannot read the file");
}

Result<void> WriteFile(const char* path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return Fail(ErrorKind::kInternal, fmt::format("cannot write {}", path));
}

Result<void> Generate(const char* input, const char* output) {
  TRY_ASSIGN(const std::string text, ReadFile(input));
  TRY_ASSIGN(const std::string filled, FillTemplate(text, AllPlaceholders()));
  return WriteFile(output, filled);
}

}  // namespace
}  // namespace dbxes::docgen

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: docgen INPUT OUTPUT\n");
    return 2;
  }
  const auto done = dbxes::docgen::Generate(argv[1], argv[2]);
  if (done) return 0;
  // As compilers write it, so that editors find the line.
  fmt::print(stderr, "{}:{}\n", argv[1], done.error().message);
  return 1;
}
