using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Libp2p.Fuzz.Loop;

/// <summary>The defects of one target, one input each: two are the same where type and place are.</summary>
internal sealed partial class FindingStore(FuzzTarget target)
{
    private const int Most = 50;

    private readonly HashSet<string> _known = [];

    /// <summary>How many differ.</summary>
    public int Count => _known.Count;

    /// <summary>Keeps an input, unless its defect is known.</summary>
    public void Add(ReadOnlySpan<byte> input, Exception defect)
    {
        var name = Name(defect);
        if (_known.Count < Most && _known.Add(name))
        {
            Save(target.Name, name, input, defect.ToString());
        }
    }

    /// <summary>Writes an input to the findings, and why to the campaign's folder.</summary>
    public static string Save(string target, string name, ReadOnlySpan<byte> input, string why)
    {
        var folder = FuzzFolders.Findings(target);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, input);
        var reasons = Path.Combine(FuzzFolders.Campaigns, "reasons", target);
        Directory.CreateDirectory(reasons);
        File.WriteAllText(Path.Combine(reasons, name + ".txt"), why);
        return path;
    }

    /// <summary>Type and place of a defect.</summary>
    public static string Name(Exception defect)
    {
        var place = defect is PropertyException property ? property.Rule : string.Join('\n', Place().Matches(defect.StackTrace ?? "").Select(match => match.Value).Take(4));
        return $"{defect.GetType().Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)).AsSpan(0, 4))}";
    }

    [GeneratedRegex(@"(?<=^\s*at )[\w.<>`+]+", RegexOptions.Multiline)]
    private static partial Regex Place();
}
