using System.Diagnostics;
using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime;
using System.Runtime.InteropServices;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>The runtime, how this program was compiled, and how memory is collected.</summary>
internal sealed class RuntimeCheck : ICheck
{
    public string Section => "runtime";

    public IEnumerable<Finding> Check()
    {
        var program = typeof(RuntimeCheck).Assembly;
        yield return Finding.Ok("libp2p", $"{RunningNode.Version}, {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return program.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true }
            ? Finding.Note("build", "debug: several times slower than a release", "Build it with -c Release, or install the tool.")
            : Finding.Ok("build", "release");
        yield return Finding.Ok("code", IsPrecompiled(program)
            ? $"compiled ahead (ReadyToRun), then {Tiers()}"
            : $"compiled as it is first used, then {Tiers()}");
        yield return TieredPgo
            ? Finding.Ok("profile", "hot code is compiled again by what it does (TieredPGO)")
            : Finding.Note("profile", "TieredPGO is off: hot code stays a little slower", "Leave DOTNET_TieredPGO unset.");
        var configuration = GC.GetConfigurationVariables();
        yield return Finding.Ok("collector",
            $"{(GCSettings.IsServerGC ? "server" : "workstation")}, {(GCSettings.LatencyMode == GCLatencyMode.Batch ? "not concurrent" : "concurrent")}, conserving {Value(configuration, "GCConserveMem")} of 9, "
            + $"a heap of at most {TerminalText.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}");
    }

    private static bool TieredPgo => !Disabled("TieredPGO") && !Disabled("TieredCompilation");

    private static string Tiers() => Disabled("TieredCompilation") ? "compiled fully at once" : "compiled again where it is hot";

    /// <summary>Whether the environment or <c>runtimeconfig.json</c> switches it off; it is on by default.</summary>
    private static bool Disabled(string setting) => Environment.GetEnvironmentVariable($"DOTNET_{setting}") is { Length: > 0 } set
        ? set == "0"
        : AppContext.TryGetSwitch($"System.Runtime.{setting}", out var on) && !on;

    private static object Value(IReadOnlyDictionary<string, object> configuration, string name) => configuration.GetValueOrDefault(name) ?? 0;

    private static bool IsPrecompiled(Assembly assembly)
    {
        // A file of its own is missing where everything was linked into one program.
        if (assembly.Location is not { Length: > 0 } file || !File.Exists(file)) return !Jits;
        using var image = new PEReader(File.OpenRead(file));
        return image.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
    }

    private static bool Jits => System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled;
}
