using Libp2p.Swarm;
using Microsoft.Extensions.Options;

namespace Libp2p.Hosting;

/// <summary>Turns what a plugin threw into a reason and a remedy that a person can use.</summary>
internal static class PluginFailure
{
    /// <param name="error">What was thrown.</param>
    /// <param name="name">The plugin that threw.</param>
    /// <param name="ownerOf">The active plugin that exported a role; null: none did.</param>
    public static (string Reason, string Remedy) Explain(Exception error, string name, Func<object, string?> ownerOf)
    {
        var (step, cause) = error is PluginStepException { InnerException: { } inner } at ? (at.Step, inner) : ("loading it", error);
        return cause switch
        {
            OptionsValidationException e => (string.Join(" ", e.Failures), "Correct the plugin's options."),
            DatastoreException e => (e.Problem, e.Remedy),
            FileNotFoundException e => ($"it needs {e.FileName ?? "an assembly"}, which is not there.", "Publish the plugin with its dependencies into its folder."),
            FileLoadException e => ($"{e.FileName ?? "an assembly"} could not be loaded: {e.Message}", "Publish the plugin again; its files do not belong together."),
            BadImageFormatException e => ($"{e.FileName ?? "an assembly"} is not a .NET assembly for this platform.", "Replace the file; it is broken or built for another platform."),
            MissingMethodException or MissingFieldException or TypeLoadException =>
                ($"it was built against another version of something than it found here ({cause.Message})",
                    "Publish it again with the dependencies that it was built against; build it against the version of Libp2p.Abstractions that this host has."),
            RoleTakenException e when ownerOf(e.Owner) is { } owner =>
                ($"it claims {e.Protocol}, which belongs to the plugin '{owner}' already.", $"Keep one of the two: name '{name}' or '{owner}' in Libp2p:DisabledPlugins, or remove its folder."),
            InvalidOperationException when step == nameof(IPlugin.Export) => (cause.Message, "Disable one of the two plugins."),
            _ => ($"{step} failed: {cause.GetType().Name}: {cause.Message}", "Update the plugin, or disable it."),
        };
    }
}
