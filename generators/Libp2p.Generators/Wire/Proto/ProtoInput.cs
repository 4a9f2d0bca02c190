using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Libp2p.Generators.Wire.Proto;

/// <summary>A schema file handed to the compiler, as values.</summary>
/// <param name="Namespace">The item's own namespace, or empty.</param>
/// <param name="DefaultNamespace">Where neither the item nor the file says one.</param>
/// <param name="Access"><c>internal</c> or <c>public</c>.</param>
internal sealed record ProtoInput(string Path, string Text, string Namespace, string DefaultNamespace, string Access)
{
    private const string Metadata = "build_metadata.AdditionalFiles.";

    public string FileName => System.IO.Path.GetFileName(Path);

    public static bool IsSchema(AdditionalText file, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(file).TryGetValue(Metadata + "Libp2pKind", out var kind) && kind.Equals("Proto", StringComparison.OrdinalIgnoreCase);

    public static ProtoInput From(AdditionalText file, AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        var own = options.GetOptions(file);
        own.TryGetValue(Metadata + "Libp2pNamespace", out var space);
        own.TryGetValue(Metadata + "Libp2pAccess", out var access);
        return new ProtoInput(
            file.Path,
            file.GetText(cancellation)?.ToString() ?? "",
            space ?? "",
            DefaultNamespaceOf(options),
            string.Equals(access, "Public", StringComparison.OrdinalIgnoreCase) ? "public" : "internal");
    }

    public static string DefaultNamespaceOf(AnalyzerConfigOptionsProvider options)
    {
        if (options.GlobalOptions.TryGetValue("build_property.Libp2pWireNamespace", out var own) && own.Length > 0)
        {
            return own;
        }

        return options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var root) && root.Length > 0 ? root + ".Wire" : "Libp2p.Wire.Schemas";
    }
}
