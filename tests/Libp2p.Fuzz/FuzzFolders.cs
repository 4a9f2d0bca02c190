using System.Reflection;
using System.Security.Cryptography;

namespace Libp2p.Fuzz;

/// <summary>Where inputs are kept: <c>corpus/TARGET</c> and <c>findings/TARGET</c> beside the sources, what a campaign makes among the build's artifacts.</summary>
internal static class FuzzFolders
{
    public static string Corpus(string target) => Path.Combine(Metadata("FuzzFolder"), "corpus", target);

    public static string Findings(string target) => Path.Combine(Metadata("FuzzFolder"), "findings", target);

    /// <summary>What campaigns leave: instrumented assemblies, inputs found on the way, reports.</summary>
    public static string Campaigns => Metadata("CampaignFolder");

    /// <summary>What campaigns of a target found on the way, to go on from.</summary>
    public static string Queue(string target) => Path.Combine(Campaigns, "queue", target);

    /// <summary>The inputs of a folder by name; none where there is no folder.</summary>
    public static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(file => !file.EndsWith(".txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal) : [];

    /// <summary>What a target starts from: seeds, corpus, findings.</summary>
    public static List<byte[]> Inputs(FuzzTarget target) =>
        [.. target.Seeds, .. Files(Corpus(target.Name)).Select(File.ReadAllBytes), .. Files(Findings(target.Name)).Select(File.ReadAllBytes)];

    /// <summary>Writes an input, named by its hash.</summary>
    public static string Save(string folder, ReadOnlySpan<byte> input)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6)));
        File.WriteAllBytes(path, input);
        return path;
    }

    private static string Metadata(string key) =>
        typeof(FuzzFolders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
