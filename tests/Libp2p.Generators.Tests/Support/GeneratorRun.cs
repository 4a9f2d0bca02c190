using System.Collections.Immutable;
using Libp2p.Generators.Manifests;
using Libp2p.Generators.Multicodecs;
using Libp2p.Generators.Protocols;
using Libp2p.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Tests.Support;

/// <summary>A schema or registry given to the generators.</summary>
internal sealed record SchemaFile(string Path, string Text, string Namespace = "", string Access = "", string Kind = "Proto");

/// <summary>Runs the generators over a source text, and over changes of it.</summary>
internal sealed class GeneratorRun
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Libp2p.Generators", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse);

    private readonly GeneratorDriver _driver;

    private GeneratorRun(GeneratorDriver driver, Compilation input, Compilation output, ImmutableArray<Diagnostic> reported)
    {
        _driver = driver;
        Input = input;
        Output = output;
        Result = driver.GetRunResult();
        Reported = reported;
    }

    public Compilation Input { get; }

    public Compilation Output { get; }

    public GeneratorDriverRunResult Result { get; }

    /// <summary>What the generators reported.</summary>
    public ImmutableArray<Diagnostic> Reported { get; }

    /// <summary>Errors and warnings of user's and emitted code together.</summary>
    public IEnumerable<Diagnostic> Problems => Output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1701");

    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Acme.Plugin",
        [CSharpSyntaxTree.ParseText(source, ParseOptions, "/src/Source.cs")],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static GeneratorRun Of(string source, params SchemaFile[] schemas)
    {
        var compilation = Compile(source);
        var driver = CSharpGeneratorDriver.Create(
            [
                new ProtocolGenerator().AsSourceGenerator(), new WireGenerator().AsSourceGenerator(), new ManifestGenerator().AsSourceGenerator(),
                new RegistryTableGenerator().AsSourceGenerator(),
            ],
            schemas.Select(schema => new SchemaText(schema)),
            ParseOptions,
            new SchemaOptions(schemas),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return Run(driver, compilation);
    }

    /// <summary>Runs again after the source text changed.</summary>
    public GeneratorRun WithSource(string source) =>
        Run(_driver, Input.ReplaceSyntaxTree(Input.SyntaxTrees.Single(), CSharpSyntaxTree.ParseText(source, ParseOptions, "/src/Source.cs")));

    /// <summary>Runs again after another file was added.</summary>
    public GeneratorRun WithAnother(string source) => Run(_driver, Input.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, ParseOptions, "/src/Other.cs")));

    /// <summary>Runs again after schemas changed.</summary>
    public GeneratorRun WithSchemas(params SchemaFile[] schemas)
    {
        var driver = _driver.ReplaceAdditionalTexts([.. schemas.Select(schema => new SchemaText(schema))]).WithUpdatedAnalyzerConfigOptions(new SchemaOptions(schemas));
        return Run(driver, Input);
    }

    /// <summary>The emitted file whose name ends so.</summary>
    public string File(string name) =>
        Result.Results.SelectMany(result => result.GeneratedSources).Single(source => source.HintName == name).SourceText.ToString();

    public IEnumerable<string> Files => Result.Results.SelectMany(result => result.GeneratedSources).Select(source => source.HintName);

    /// <summary>Why each output of a stage was, or was not, computed again.</summary>
    public IEnumerable<IncrementalStepRunReason> Reasons(string step) => Result.Results
        .Where(result => result.TrackedSteps.ContainsKey(step))
        .SelectMany(result => result.TrackedSteps[step])
        .SelectMany(run => run.Outputs)
        .Select(output => output.Reason);

    public IEnumerable<IncrementalStepRunReason> OutputReasons => Result.Results
        .SelectMany(result => result.TrackedOutputSteps)
        .SelectMany(step => step.Value)
        .SelectMany(run => run.Outputs)
        .Select(output => output.Reason);

    private static GeneratorRun Run(GeneratorDriver driver, Compilation input)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out var reported);
        return new GeneratorRun(driver, input, output, reported);
    }

    private sealed class SchemaText(SchemaFile schema) : AdditionalText
    {
        public override string Path => schema.Path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(schema.Text);
    }

    private sealed class SchemaOptions(SchemaFile[] schemas) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(new()
        {
            ["build_property.RootNamespace"] = "Acme.Plugin",
            ["build_property.Version"] = "1.2.3",
        });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile)
        {
            var schema = schemas.Single(schema => schema.Path == textFile.Path);
            return new Options(new()
            {
                ["build_metadata.AdditionalFiles.Libp2pKind"] = schema.Kind,
                ["build_metadata.AdditionalFiles.Libp2pNamespace"] = schema.Namespace,
                ["build_metadata.AdditionalFiles.Libp2pAccess"] = schema.Access,
            });
        }
    }

    private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
