using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Node.Commands.Doctor.Checks;
using Libp2p.Node.View;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace Libp2p.Node.Commands.Doctor;

/// <summary><c>libp2p doctor</c>: looks at the machine, the configuration and the plugins, and says what is wrong and what to do. Fails for problems alone.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("doctor", "Examine this machine, the configuration and the plugins; say what to mend.");
        command.SetAction((result, cancellationToken) => RunAsync(common.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        var report = new DoctorReport(await ExamineAsync(settings, cancellationToken).ConfigureAwait(false));
        if (settings.Json)
        {
            report.WriteJson(Console.Out);
        }
        else
        {
            var width = Console.IsOutputRedirected ? 4000 : Terminal.Size().Width;
            AnsiConsole.Console.Profile.Width = width;
            report.Print(AnsiConsole.Console, width);
        }

        return report.Problems > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<List<(string, IReadOnlyList<Finding>)>> ExamineAsync(Settings settings, CancellationToken cancellationToken)
    {
        var sockets = await SocketProbe.RunAsync(cancellationToken).ConfigureAwait(false);
        var control = await ControlProbe.RunAsync(settings.DataFolder, cancellationToken).ConfigureAwait(false);
        var sections = new List<(string, IReadOnlyList<Finding>)>();
        Add(new RuntimeCheck(), new KeysCheck());
        try
        {
            await using var host = NodeComposition.Dialing(settings);
            var node = host.Node;
            await using var stopping = node.ConfigureAwait(false);
            await node.ComposeAsync(cancellationToken).ConfigureAwait(false);
            var options = host.Services.GetRequiredService<IOptionsMonitor<Libp2pOptions>>().CurrentValue;
            Add(
                new PluginSelfCheck(node.Node),
                new SocketCheck(Machine.This, sockets),
                new NetworkCheck(sockets),
                new LimitsCheck(Machine.This, options.Swarm, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
                new DataFolderCheck(settings, NodeComposition.IdentityFileOf(settings), control),
                new PluginsCheck(NodeComposition.PluginFoldersOf(settings), node.Plugins, node.Node));
        }
        catch (Exception e) when (e is OptionsValidationException or RequiredPluginException or InvalidDataException or FormatException or ArgumentException or InvalidOperationException or Libp2pException)
        {
            sections.Add(("configuration", [Finding.Problem("node", $"it does not start: {e.Message}", $"Correct {Path.Combine(settings.DataFolder, "config.json")}, or the Libp2p__ variable.")]));
            Add(new SocketCheck(Machine.This, sockets), new NetworkCheck(sockets));
        }

        Add(new ClockCheck(TimeProvider.System, File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "libp2p.dll"))));
        return sections;

        void Add(params ReadOnlySpan<ICheck> checks)
        {
            foreach (var check in checks) sections.Add((check.Section, [.. check.Check()]));
        }
    }
}
