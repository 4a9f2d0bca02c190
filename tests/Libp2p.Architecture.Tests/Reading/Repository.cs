using System.Collections.Immutable;
using System.Xml.Linq;

namespace Libp2p.Architecture.Tests.Reading;

/// <summary>A project as its file describes it.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="Folder">Its folder, relative to the repository, with forward slashes.</param>
/// <param name="Projects">The projects it references as libraries: generators, which only run in the compiler, are not among them.</param>
/// <param name="Packages">The packages it references.</param>
public sealed record Project(string Name, string Folder, ImmutableArray<string> Projects, ImmutableArray<string> Packages);

/// <summary>The source tree these tests were built from.</summary>
public static class Repository
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", ".git", "node_modules", "templates"];

    public static string Root { get; } = FindRoot();

    public static ImmutableArray<Project> Projects { get; } = [.. Files(Root, "*.csproj").Select(Read).OrderBy(static project => project.Name, StringComparer.Ordinal)];

    /// <summary>The plugins: every project under plugins/ but what they share.</summary>
    public static IEnumerable<Project> Plugins => Projects.Where(static project => project.Folder.StartsWith("plugins/", StringComparison.Ordinal) && !IsCommon(project));

    public static bool IsCommon(Project project) => project.Folder.StartsWith("plugins/common/", StringComparison.Ordinal);

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern)
            .Concat(Directory.EnumerateDirectories(folder).Where(static child => !Skipped.Contains(Path.GetFileName(child))).SelectMany(child => Files(child, pattern)));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static Project Read(string path)
    {
        var xml = XDocument.Load(path);
        return new Project(
            Path.GetFileNameWithoutExtension(path),
            Relative(Path.GetDirectoryName(path)!),
            [.. xml.Descendants("ProjectReference").Where(static reference => (string?)reference.Attribute("OutputItemType") != "Analyzer")
                .Select(static reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))],
            [.. xml.Descendants("PackageReference").Select(static reference => (string)reference.Attribute("Include")!)]);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Libp2p.Framework.sln"))) return folder;
        }

        throw new InvalidOperationException("These tests run inside the repository.");
    }
}
