using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Diagnostics;

/// <summary>LP2P0300 to LP2P0399: registry tables.</summary>
internal static class TableDiagnostics
{
    private const string Category = "Libp2p.Tables";

    public static readonly DiagnosticDescriptor Malformed = Error(
        "LP2P0300", "A row of a registry is malformed", "Expected '{0}'");

    public static readonly DiagnosticDescriptor UnknownStatus = Error(
        "LP2P0301", "A multicodec has an unknown status", "'{0}' is no status: draft, permanent or deprecated");

    public static readonly DiagnosticDescriptor Duplicate = Error(
        "LP2P0302", "A row of a registry repeats an earlier one", "The {0} '{1}' is taken by an earlier row");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
