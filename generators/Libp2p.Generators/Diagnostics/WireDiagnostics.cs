using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Diagnostics;

/// <summary>LP2P0100 to LP2P0199: schemas and wire messages.</summary>
internal static class WireDiagnostics
{
    private const string Category = "Libp2p.Wire";

    public static readonly DiagnosticDescriptor Syntax = Error(
        "LP2P0100", "A .proto file cannot be read", "{0}");

    public static readonly DiagnosticDescriptor Unsupported = Error(
        "LP2P0101", "A feature of the protobuf language is not supported", "{0} is not supported; {1}");

    public static readonly DiagnosticDescriptor ImportNotFound = new(
        "LP2P0102",
        "An imported .proto file is not part of the project",
        "'{0}' is not a schema of this project, so its types cannot be used; add it to the AdditionalFiles with Libp2pKind=\"Proto\" or remove the import",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnknownType = Error(
        "LP2P0103", "A field's type does not exist", "The type '{0}' of field '{1}' is no scalar and no message or enum of this project's schemas");

    public static readonly DiagnosticDescriptor InvalidNumber = Error(
        "LP2P0104", "A field number is invalid", "Field '{0}' has number {1}; field numbers are 1 to 536870911 without 19000 to 19999");

    public static readonly DiagnosticDescriptor DuplicateField = Error(
        "LP2P0105", "A field repeats a number or a name", "Field '{0}' repeats the {1} of field '{2}'");

    public static readonly DiagnosticDescriptor DuplicateType = Error(
        "LP2P0106", "Two schemas define the same type", "'{0}' is also defined in {1}");

    public static readonly DiagnosticDescriptor InvalidLimit = Error(
        "LP2P0107", "A limit does not fit", "{0}");

    public static readonly DiagnosticDescriptor UnknownOption = Error(
        "LP2P0108",
        "An option of the libp2p package does not exist",
        "There is no option '{0}' here; fields have (libp2p.max_length), (libp2p.max_count), (libp2p.as_bytes), messages have (libp2p.max_size), (libp2p.max_depth), (libp2p.declared_order), (libp2p.retain_unknown)");

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "LP2P0120", "A wire message is not partial", "'{0}' must be declared partial, so that the codec of wire message '{1}' can be added");

    public static readonly DiagnosticDescriptor UnfitType = Error(
        "LP2P0121", "A type cannot be a wire message", "'{0}' cannot be a wire message: {1}");

    public static readonly DiagnosticDescriptor UnfitProperty = Error(
        "LP2P0122", "A property cannot be a wire field", "Property '{0}' cannot be a wire field: {1}");

    public static readonly DiagnosticDescriptor FieldOutsideMessage = Error(
        "LP2P0123", "A wire field outside of a wire message", "Property '{0}' is a [WireField], but '{1}' is not a [WireMessage]");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
