using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests;

/// <summary><c>libp2p completion</c>: scripts that shells run, and what they then offer.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bash", "complete -o default -F _libp2p_complete libp2p")]
    [InlineData("zsh", "compdef _libp2p_complete libp2p")]
    [InlineData("fish", "complete --command libp2p")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName libp2p")]
    public void A_script_registers_itself_and_says_how_to_use_it(string shell, string registration)
    {
        var (code, script, errors) = InProcess.Run("completion", shell);
        code.ShouldBe(0, errors);
        script.ShouldContain(registration);
        script.ShouldContain($"libp2p completion {shell}");
        script.ShouldContain("[suggest:");
        var (_, json, _) = InProcess.Run("completion", shell, "--json");
        ((string)JsonNode.Parse(json)!["script"]!).ShouldBe(script);
    }

    [Fact]
    public void Another_shell_is_a_wrong_command_line() => CommandTree.Create().Parse("completion tcsh").Errors.ShouldNotBeEmpty();

    /// <summary>The program, the script and the shell together.</summary>
    [Theory]
    [InlineData("ke", "keys")]
    [InlineData("keys ", "create export import show")]
    [InlineData("keys ex", "export")]
    [InlineData("keys create --type ", "ecdsa ed25519 rsa secp256k1")]
    [InlineData("keys create --ty", "--type")]
    [InlineData("completion ", "bash fish pwsh zsh")]
    [InlineData("ping --int", "--interval")]
    [InlineData("keys import ", "")]
    public async Task Bash_completes(string typed, string candidates)
    {
        if (!File.Exists("/bin/bash")) Assert.Skip("there is no bash here");
        const string complete =
            """
            libp2p() { dotnet "$program" "$@"; }; program="$2"; source "$1"; COMP_LINE="libp2p $3"; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<<"$COMP_LINE"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _libp2p_complete; printf '%s\n' "${COMPREPLY[@]}"
            """;
        (await RunAsync("/bin/bash", "--norc", "-c", complete, "bash", Script("bash"), Program(), typed)).ShouldBe(candidates);
    }

    [Theory]
    [InlineData("ke", "keys")]
    [InlineData("keys ", "create export import show")]
    [InlineData("keys create --type ", "ecdsa ed25519 rsa secp256k1")]
    [InlineData("keys create --ty", "--type")]
    public async Task Zsh_completes(string typed, string candidates)
    {
        if (!File.Exists("/usr/bin/zsh")) Assert.Skip("there is no zsh here");
        const string complete =
            """
            libp2p() { dotnet "$program" "$@" }; program="$2"; compdef() { : }; compadd() { print -rl -- "${(@P)2}" }; _files() { : }; source "$1"
            words=(libp2p ${(z)3}); [[ $3 == *' ' ]] && words+=(""); CURRENT=$#words; PREFIX="${words[-1]}"; _libp2p_complete
            """;
        (await RunAsync("/usr/bin/zsh", "-f", "-c", complete, "zsh", Script("zsh"), Program(), typed)).ShouldBe(candidates);
    }

    [Theory]
    [InlineData("ke", "keys")]
    [InlineData("keys ", "create export import show")]
    [InlineData("keys create --type ", "ecdsa ed25519 rsa secp256k1")]
    public async Task Fish_completes(string typed, string candidates)
    {
        if (!File.Exists("/usr/bin/fish")) Assert.Skip("there is no fish here");
        const string complete = "set -g program $argv[2]; function libp2p; dotnet $program $argv; end; source $argv[1]; complete --do-complete \"libp2p $argv[3]\"";
        (await RunAsync("/usr/bin/fish", "--no-config", "-c", complete, Script("fish"), Program(), typed)).ShouldBe(candidates);
    }

    private string Script(string shell)
    {
        var path = Path.Combine(_folder.Path, shell);
        File.WriteAllText(path, InProcess.Run("completion", shell).Output);
        return path;
    }

    /// <summary>The program, which the shells call by a function: a script of its own, just written, may be held open for writing by whatever another test starts meanwhile.</summary>
    private static string Program() => Path.Combine(NodeProcess.Folder, "libp2p.dll");

    /// <summary>What was offered, in order, with blanks between.</summary>
    private async Task<string> RunAsync(string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        start.Environment["HOME"] = _folder.Path;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Watchdog);
            (await errors).ShouldBeEmpty();
            return string.Join(' ', (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
