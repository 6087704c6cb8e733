# imspect_embed(TARGET NAME FOLDER EXTENSION): compiles every FOLDER/*.EXTENSION into TARGET as
#   namespace imspect::embedded { const std::vector<File>& NAME(); }   // File {name without extension, text}
# declared in model/embedded.h. The generated source is rewritten when a file changes.
function(imspect_embed target name folder extension)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.${extension})
  set(output ${CMAKE_BINARY_DIR}/embedded/${name}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
