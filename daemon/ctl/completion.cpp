// SPDX-License-Identifier: Apache-2.0
#include "ctl/completion.hpp"

namespace kms_secretd::ctl {
namespace {

// The targets are asked for when they are completed; a daemon that is away completes nothing.
constexpr char const* targetsCommand = "kms-secretctl list -o name 2>/dev/null";

template <class Words, class Text>
std::string joined(Words const& words, Text text) {
  std::string all;
  for (auto const& word : words) {
    if (!all.empty()) all += ' ';
    all += text(word);
  }
  return all;
}

std::string plainText(Word const& word) { return word.text; }

std::string withoutQuotes(std::string const& text) {
  std::string clean;
  for (char const c : text) {
    if (c != '\'' && c != '"' && c != '[' && c != ']' && c != ':' && c != '\\') clean += c;
  }
  return clean;
}

std::string bashWords(CommandWords const& command) {
  auto words = joined(command.options, plainText);
  for (auto const& choice : command.choices) words += ' ' + choice;
  if (command.takesTarget) {
    words += " $(";
    words += targetsCommand;
    words += ')';
  }
  return words;
}

std::string bashScript(std::vector<CommandWords> const& commands) {
  std::string script = R"(# bash completion of kms-secretctl
_kms_secretctl() {
  local current=${COMP_WORDS[COMP_CWORD]} command='' word words='' files=''
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) command=$word; break ;; esac
  done
  case $command in
)";
  for (auto const& command : commands) {
    script += "    " + command.name.text + ") words=\"" + bashWords(command) + "\"";
    if (command.takesFiles) script += " files=yes";
    script += " ;;\n";
  }
  script += "    *) words=\"" +
            joined(commands, [](auto const& command) { return command.name.text; }) + "\" ;;\n";
  script += R"(  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  [ -z "$files" ] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
}
complete -F _kms_secretctl kms-secretctl
)";
  return script;
}

std::string zshScript(std::vector<CommandWords> const& commands) {
  std::string script =
      "#compdef kms-secretctl\n# zsh completion of kms-secretctl\n"
      "_kms_secretctl() {\n  local -a commands\n  commands=(\n";
  for (auto const& command : commands) {
    script += "    '" + command.name.text + ":" + withoutQuotes(command.name.help) + "'\n";
  }
  script +=
      "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  case ${words[2]} in\n";
  for (auto const& command : commands) {
    script += "    " + command.name.text + ") compadd -- " + joined(command.options, plainText);
    for (auto const& choice : command.choices) script += ' ' + choice;
    if (command.takesTarget) script += std::string(" $(") + targetsCommand + ")";
    if (command.takesFiles) script += "; _files";
    script += " ;;\n";
  }
  return script + "  esac\n}\ncompdef _kms_secretctl kms-secretctl\n";
}

void addFishOptions(std::string& script, CommandWords const& command, std::string const& seen) {
  for (auto const& option : command.options) {
    auto const isLong = option.text.starts_with("--");
    script += seen + (isLong ? " -l " : " -s ") + option.text.substr(isLong ? 2 : 1) + " -d '" +
              withoutQuotes(option.help) + "'\n";
  }
}

std::string fishScript(std::vector<CommandWords> const& commands) {
  std::string script = "# fish completion of kms-secretctl\ncomplete -c kms-secretctl -f\n";
  for (auto const& command : commands) {
    script += "complete -c kms-secretctl -n __fish_use_subcommand -a " + command.name.text +
              " -d '" + withoutQuotes(command.name.help) + "'\n";
    auto const seen =
        "complete -c kms-secretctl -n '__fish_seen_subcommand_from " + command.name.text + "'";
    addFishOptions(script, command, seen);
    for (auto const& choice : command.choices) script.append(seen + " -a ").append(choice) += '\n';
    if (command.takesTarget) script += seen + " -a '(" + targetsCommand + ")'\n";
    if (command.takesFiles) script += seen + " -F\n";
  }
  return script;
}

}  // namespace

std::optional<std::string> completionScript(std::string const& shell,
                                            std::vector<CommandWords> const& commands) {
  if (shell == "bash") return bashScript(commands);
  if (shell == "zsh") return zshScript(commands);
  if (shell == "fish") return fishScript(commands);
  return std::nullopt;
}

}  // namespace kms_secretd::ctl
