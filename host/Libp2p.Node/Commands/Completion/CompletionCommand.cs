using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Completion;

/// <summary>
/// <c>libp2p completion SHELL</c>: a script that lets a shell complete this program's command lines. The scripts beside this file ask the program itself, by the
/// parser's directive <c>[suggest]</c>.
/// </summary>
internal static class CompletionCommand
{
    public static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Create(CommonOptions common)
    {
        var shell = new Argument<string>("shell") { Description = "Which." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Print a script that completes command lines in a shell; its first line says how to use it.") { shell };
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var name = result.GetRequiredValue(shell);
                using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"libp2p.{name}")!);
                if (!settings.Json)
                {
                    output.Write(script.ReadToEnd());
                    return;
                }

                JsonLine.Write(output, json =>
                {
                    json.WriteString("event", "completion");
                    json.WriteString("shell", name);
                    json.WriteString("script", script.ReadToEnd());
                });
            });
        });
        return command;
    }
}
